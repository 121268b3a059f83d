import type { IncomingMessage } from "node:http";
import { request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { startServer, stopServer } from "../doubles/aws-server.ts";
import type { DoubleRequest, DoubleResponse } from "../doubles/service.ts";

/** What becomes of a request: undefined for moto's answer, "hold" for none ever. */
export type Verdict = undefined | "hold" | DoubleResponse;

/** A way to moto that can be disturbed. */
export interface MotoProxy {
  readonly url: string;
  /** Asked before each request. @param name "Glue GetTables", "Lambda POST", "S3 GET" */
  judge: (name: string, body: Buffer) => Verdict | Promise<Verdict>;
  close(): Promise<void>;
}

export async function startMotoProxy(moto: string): Promise<MotoProxy> {
  const answer = async (request: DoubleRequest): Promise<DoubleResponse> => {
    const verdict = await proxy.judge(nameRequest(request), request.body);
    if (verdict === "hold") return new Promise(() => {});
    return verdict ?? forward(moto, request);
  };
  const server = await startServer(answer, Date.now);
  const proxy: MotoProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    judge: () => undefined,
    close: () => stopServer(server),
  };
  return proxy;
}

function nameRequest({ method, url, headers }: DoubleRequest): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.replace(/^AWSGlue\./, "Glue ");
  return `${/^\/\d{4}-\d\d-\d\d\/functions\//.test(url.pathname) ? "Lambda" : "S3"} ${method}`;
}

function forward(moto: string, { method, url, headers, body }: DoubleRequest): Promise<DoubleResponse> {
  const { hostname, port } = new URL(moto);
  const path = `${url.pathname}${url.search}`;
  return new Promise((resolve, reject) => {
    const request = send({ hostname, port, path, method, headers }, (answer) => {
      readWhole(answer).then(resolve, reject);
    });
    request.on("error", reject).end(body);
  });
}

async function readWhole(answer: IncomingMessage): Promise<DoubleResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  // The proxy's connections are its own.
  const { connection: _, "transfer-encoding": __, ...others } = answer.headers;
  const headers = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, String(value)]));
  return { status: answer.statusCode ?? 500, headers, body: Buffer.concat(chunks) };
}
