import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { startServer, stopServer } from "../doubles/aws-server.ts";
import type { DoubleRequest, DoubleResponse } from "../doubles/service.ts";

/** An error as a runtime reports it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** What a runtime says of an event. */
export type Outcome =
  | { readonly kind: "answer"; readonly payload: unknown }
  | { readonly kind: "error"; readonly error: FunctionError };

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly deadline: number;
  readonly end: (outcome: Outcome) => void;
}

export const FUNCTION_NAME = "cloudtrail-partitioner-test";
const FUNCTION_ARN = `arn:aws:lambda:us-east-1:123456789012:function:${FUNCTION_NAME}`;

/** Lambda's side of one execution environment (Lambda's guide, "Using the Lambda runtime API"): one event at a time. */
export class RuntimeApi {
  /** Until the runtime asks for its first event. Rejects where it says that the function cannot be loaded. */
  readonly initialized: Promise<void>;
  #onAsked = (): void => {};
  #onInitError = (_error: Error): void => {};
  readonly #server: Promise<Server>;
  #invocation: Invocation | undefined;
  #onInvocation = (): void => {};

  constructor() {
    this.initialized = new Promise((resolve, reject) => {
      this.#onAsked = resolve;
      this.#onInitError = reject;
    });
    this.#server = startServer((request) => this.#answer(request), Date.now);
  }

  /** For AWS_LAMBDA_RUNTIME_API. */
  async readAddress(): Promise<string> {
    return `127.0.0.1:${((await this.#server).address() as AddressInfo).port}`;
  }

  /** Hands an event out when the runtime asks for one. @param deadline milliseconds since 1970 */
  invoke(event: unknown, deadline: number): Promise<Outcome> {
    return new Promise((end) => {
      this.#invocation = { id: randomUUID(), event, deadline, end };
      this.#onInvocation();
    });
  }

  async close(): Promise<void> {
    await stopServer(await this.#server);
  }

  async #answer({ method, url, body }: DoubleRequest): Promise<DoubleResponse> {
    const path = url.pathname.replace("/2018-06-01/runtime/", "");
    if (method === "GET" && path === "invocation/next") return this.#next();
    const said: unknown = JSON.parse(body.toString("utf8"));
    const { id } = this.#invocation ?? {};
    switch (path) {
      case "init/error":
        this.#onInitError(new Error(`the function does not load: ${body.toString("utf8")}`));
        return ACCEPTED;
      case `invocation/${id}/response`:
        return this.#end({ kind: "answer", payload: said });
      case `invocation/${id}/error`:
        return this.#end({ kind: "error", error: said as FunctionError });
      default:
        return { status: 400, body: `{"errorType":"InvalidRequestID"}` };
    }
  }

  async #next(): Promise<DoubleResponse> {
    this.#onAsked();
    while (this.#invocation === undefined) {
      await new Promise<void>((resolve) => {
        this.#onInvocation = resolve;
      });
    }
    const { id, event, deadline } = this.#invocation;
    const headers = {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": id,
      "lambda-runtime-deadline-ms": String(deadline),
      "lambda-runtime-invoked-function-arn": FUNCTION_ARN,
      "lambda-runtime-trace-id": "Root=1-6740c0de-0123456789abcdef01234567;Sampled=0",
    };
    return { status: 200, headers, body: JSON.stringify(event) };
  }

  #end(outcome: Outcome): DoubleResponse {
    this.#invocation?.end(outcome);
    this.#invocation = undefined;
    return ACCEPTED;
  }
}

const ACCEPTED: DoubleResponse = { status: 202, body: `{"status":"OK"}` };
