import type { JsonService } from "./aws-json.ts";
import { AwsError, callJson, printJsonError } from "./aws-json.ts";
import type { CheckedCall } from "./aws-permissions.ts";
import { checkAthenaCall, checkGlueCall, checkS3Call, checkS3Deletion } from "./aws-permissions.ts";
import type { AwsPlace } from "./aws-place.ts";
import type { LambdaDouble } from "./lambda-double.ts";
import { checkInvocation, printLambdaError } from "./lambda-double.ts";
import type { DoubleRequest, DoubleResponse, DoubleService } from "./service.ts";
import { printStsError } from "./sts-double.ts";

/** Where requests can go. */
export interface Services {
  readonly json: readonly JsonService[];
  readonly s3: DoubleService;
  readonly sts: DoubleService;
  readonly lambda: LambdaDouble;
  readonly place: AwsPlace;
}

/** A request that found its service. */
export interface Route {
  /** "Glue GetTables" */
  readonly name: string;
  readonly input?: unknown;
  readonly check: CheckedCall;
  /** @param explainDenial what IAM says of one more check; undefined where that is allowed */
  run(explainDenial: (check: CheckedCall) => string | undefined): Promise<DoubleResponse>;
  /** An error in the service's own form. */
  refuse(status: number, code: string, message: string): DoubleResponse;
  readonly throttle: { readonly status: number; readonly code: string; readonly message: string };
  readonly denial: { readonly status: number; readonly code: string };
}

/** Undefined where no service knows the request. */
export function route(request: DoubleRequest, services: Services): Route | undefined {
  return routeJson(request, services) ?? routeOther(request, services);
}

function routeJson({ headers, body }: DoubleRequest, { json, place }: Services): Route | undefined {
  const target = headers["x-amz-target"];
  if (typeof target !== "string") return undefined;
  const dot = target.lastIndexOf(".");
  const service = json.find((one) => target.slice(0, dot).endsWith(one.target));
  if (service === undefined) return undefined;
  const operation = target.slice(dot + 1);
  const input: unknown = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  return {
    name: `${service.name} ${operation}`,
    input,
    check: checkJsonCall(service, operation, { input, place }),
    run: () => callJson(service, operation, input),
    refuse: (status, code, message) => printJsonError(new AwsError(code, message, status)),
    throttle: { status: 400, code: "ThrottlingException", message: "Rate exceeded" },
    denial: { status: 400, code: "AccessDeniedException" },
  };
}

function checkJsonCall(
  { name }: JsonService,
  operation: string,
  { input, place }: { readonly input: unknown; readonly place: AwsPlace },
): CheckedCall {
  if (name === "Glue") return checkGlueCall(place, operation, input);
  if (name === "Athena") return checkAthenaCall(place, operation, input);
  return { action: `${name.toLowerCase()}:${operation}`, resources: ["*"] };
}

function routeOther(request: DoubleRequest, services: Services): Route | undefined {
  const { s3, sts, place } = services;
  const stsName = sts.nameCall(request);
  if (stsName !== undefined) {
    return {
      name: stsName,
      check: { action: stsName.replace("STS ", "sts:"), resources: ["*"] },
      run: () => sts.handle(request),
      refuse: printStsError,
      throttle: { status: 400, code: "Throttling", message: "Rate exceeded" },
      denial: { status: 403, code: "AccessDenied" },
    };
  }
  return routeLambda(request, services) ?? routeS3(request, s3, place);
}

function routeLambda(request: DoubleRequest, { lambda, place }: Services): Route | undefined {
  const name = lambda.nameCall(request);
  if (name === undefined) return undefined;
  return {
    name,
    check: checkInvocation(place, request.url),
    run: () => lambda.handle(request),
    refuse: printLambdaError,
    throttle: { status: 429, code: "TooManyRequestsException", message: "Rate Exceeded." },
    denial: { status: 403, code: "AccessDeniedException" },
  };
}

function routeS3(request: DoubleRequest, s3: DoubleService, place: AwsPlace): Route | undefined {
  const name = s3.nameCall(request);
  if (name === undefined) return undefined;
  return {
    name,
    check: checkS3Call(place, name.replace("S3 ", ""), request.url),
    run: (explainDenial) =>
      s3.handle({
        ...request,
        explainDenial: (key) => explainDenial(checkS3Deletion(place, request.url, key)),
      }),
    refuse: printS3Error,
    throttle: { status: 503, code: "SlowDown", message: "Please reduce your request rate." },
    denial: { status: 403, code: "AccessDenied" },
  };
}

function printS3Error(status: number, code: string, message: string): DoubleResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>0</RequestId></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body };
}
