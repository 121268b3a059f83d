import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { AthenaDouble } from "./athena-double.ts";
import { makeAthenaDouble } from "./athena-double.ts";
import type { Fault } from "./aws-faults.ts";
import { Faults } from "./aws-faults.ts";
import type { CheckedCall } from "./aws-permissions.ts";
import { Permissions, printDenial } from "./aws-permissions.ts";
import type { AwsPlace } from "./aws-place.ts";
import type { Route } from "./aws-routes.ts";
import { route } from "./aws-routes.ts";
import { startServer, stopServer } from "./aws-server.ts";
import type { CloudTrailDouble } from "./cloudtrail-double.ts";
import { makeCloudTrailDouble } from "./cloudtrail-double.ts";
import type { GlueDouble } from "./glue-double.ts";
import { makeGlueDouble } from "./glue-double.ts";
import type { PolicyText } from "./iam-policies.ts";
import type { LambdaDouble } from "./lambda-double.ts";
import { makeLambdaDouble } from "./lambda-double.ts";
import type { S3Double } from "./s3-double.ts";
import { makeS3Double } from "./s3-double.ts";
import type { DoubleRequest, DoubleResponse } from "./service.ts";
import type { StsDouble } from "./sts-double.ts";
import { makeStsDouble } from "./sts-double.ts";

/** A request that the double got. */
export interface Call {
  /** "Glue BatchCreatePartition" */
  readonly call: string;
  /** The parsed body, of JSON services only and unless `recordInputs` is off. */
  readonly input?: unknown;
  /** 0 where the connection was dropped before the call was handled. */
  readonly status: number;
}

export interface AwsDoubleOptions extends Partial<AwsPlace> {
  /** Off for benchmarks, which send gigabytes. @default true */
  readonly recordInputs?: boolean;
}

/** AWS in this process. */
export interface AwsDouble {
  readonly endpoint: string;
  readonly place: AwsPlace;
  readonly s3: S3Double;
  readonly glue: GlueDouble;
  readonly athena: AthenaDouble;
  readonly sts: StsDouble;
  readonly cloudTrail: CloudTrailDouble;
  readonly lambda: LambdaDouble;
  /** Since the last clearCalls, in order of arrival at their end. */
  readonly calls: readonly Call[];
  readonly faults: Faults;
  /** Forgets the calls and counts them from 1 again. */
  clearCalls(): void;
  /** The IAM actions of the calls so far, refused ones too: "glue:GetTables". */
  actionsUsed(): Set<string>;
  /** See Permissions.deny. */
  deny(action: string, resource?: string): void;
  /** See Permissions.allowOnly. */
  allowOnly(...policies: readonly PolicyText[]): void;
  /** Takes back all that was denied, and the policies. */
  allowAll(): void;
  /** What SDK clients are made with: endpoint, Region and credentials. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1, at a port of its own; it must be closed. */
export async function startAwsDouble(options: AwsDoubleOptions = {}): Promise<AwsDouble> {
  const { recordInputs = true, partition = "aws", region = "us-east-1", account = "123456789012" } = options;
  const place: AwsPlace = { partition, region, account, now: options.now ?? Date.now };
  const s3 = makeS3Double({ now: place.now });
  const glue = makeGlueDouble(place);
  const athena = makeAthenaDouble({ place, s3, glue });
  const sts = makeStsDouble(place);
  const cloudTrail = makeCloudTrailDouble();
  const lambda = makeLambdaDouble(place);
  const calls: Call[] = [];
  const actions = new Set<string>();
  const faults = new Faults();
  const permissions = new Permissions();
  let index = 0;

  const services = { json: [glue, athena, cloudTrail], s3, sts, lambda, place };

  const explainDenial = (check: CheckedCall): string | undefined => {
    const resource = permissions.findDenied(check);
    return resource === undefined ? undefined : printDenial(sts.callerArn, check.action, resource);
  };

  const answer = async (request: DoubleRequest): Promise<DoubleResponse | undefined> => {
    const routed = route(request, services);
    if (routed === undefined) return { status: 400, body: "no such service" };
    const { name, input, check } = routed;
    actions.add(check.action);
    index += 1;
    const fault = faults.take({ name, index, input });
    const response = await runFaulty(routed, fault, () => {
      const message = explainDenial(check);
      if (message === undefined) return routed.run(explainDenial);
      return Promise.resolve(routed.refuse(routed.denial.status, routed.denial.code, message));
    });
    const status = response?.status ?? 0;
    calls.push(recordInputs && input !== undefined ? { call: name, input, status } : { call: name, status });
    return fault?.kind === "drop-after" ? undefined : response;
  };

  const server = await startServer(answer, place.now);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    endpoint,
    place,
    s3,
    glue,
    athena,
    sts,
    cloudTrail,
    lambda,
    calls,
    faults,
    clearCalls: () => {
      calls.length = 0;
      actions.clear();
      index = 0;
    },
    actionsUsed: () => new Set(actions),
    deny: (action, resource) => permissions.deny(action, resource),
    allowOnly: (...policies) => permissions.allowOnly(policies),
    allowAll: () => permissions.allowAll(),
    clientConfig: {
      endpoint,
      region,
      credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" },
    },
    close: async () => {
      await stopServer(server);
      await athena.close();
    },
  };
}

/** Undefined where the connection is to be dropped and nothing was done. */
async function runFaulty(
  { refuse, throttle }: Pick<Route, "refuse" | "throttle">,
  fault: Fault | undefined,
  run: () => Promise<DoubleResponse>,
): Promise<DoubleResponse | undefined> {
  if (fault === undefined) return run();
  switch (fault.kind) {
    case "throttle":
      return refuse(throttle.status, throttle.code, throttle.message);
    case "error":
      return refuse(fault.status, fault.code, fault.message);
    case "drop":
      return undefined;
    case "drop-after":
      return run();
    case "delay":
      await sleep(fault.ms);
      return run();
    case "answer":
      return { status: 200, body: fault.body };
    case "cut":
    case "stall":
      return { ...(await run()), ends: fault.kind };
  }
}
