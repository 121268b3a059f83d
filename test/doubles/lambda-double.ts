import type { CheckedCall } from "./aws-permissions.ts";
import type { AwsPlace } from "./aws-place.ts";
import { arn } from "./aws-place.ts";
import type { DoubleRequest, DoubleResponse, DoubleService } from "./service.ts";

/** A call of a function that was taken. */
export interface Invocation {
  readonly functionName: string;
  /** Parsed. */
  readonly payload: unknown;
}

/** Lambda, of which it knows how a function is called without waiting for it; nothing runs. */
export interface LambdaDouble extends DoubleService {
  /** Names of those there are; tests fill it. */
  readonly functions: Set<string>;
  /** In the order in which they came. */
  readonly invocations: Invocation[];
}

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

export function makeLambdaDouble(place: AwsPlace): LambdaDouble {
  const double: LambdaDouble = {
    functions: new Set(),
    invocations: [],
    nameCall: ({ method, url }) =>
      method === "POST" && PATH.test(url.pathname) ? "Lambda Invoke" : undefined,
    handle: (request) => Promise.resolve(invoke(double, request, place)),
  };
  return double;
}

export function checkInvocation(place: AwsPlace, url: URL): CheckedCall {
  const { functionName, qualifier } = readTarget(url);
  const resource = qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
  return { action: "lambda:InvokeFunction", resources: [arn(place, "lambda", `function:${resource}`)] };
}

function invoke(
  double: LambdaDouble,
  { url, headers, body }: DoubleRequest,
  place: AwsPlace,
): DoubleResponse {
  const { functionName } = readTarget(url);
  if (!double.functions.has(functionName)) {
    const missing = arn(place, "lambda", `function:${functionName}`);
    return printLambdaError(404, "ResourceNotFoundException", `Function not found: ${missing}`);
  }
  const type = headers["x-amz-invocation-type"];
  if (type !== "Event") return printLambdaError(501, "NotImplemented", `The double waits for no function.`);
  let payload: unknown;
  try {
    payload = JSON.parse(body.length === 0 ? "{}" : body.toString("utf8"));
  } catch (error) {
    return printLambdaError(400, "InvalidRequestContentException", String(error));
  }
  double.invocations.push({ functionName, payload });
  return { status: 202, headers: { "content-type": "application/json" } };
}

/** The path has a name, or an ARN that may end in a version or an alias. */
function readTarget(url: URL): { readonly functionName: string; readonly qualifier: string | undefined } {
  const target = decodeURIComponent(PATH.exec(url.pathname)?.[1] ?? "");
  const [functionName = "", qualifier] = target.replace(/^.*:function:/, "").split(":");
  return { functionName, qualifier: qualifier ?? url.searchParams.get("Qualifier") ?? undefined };
}

export function printLambdaError(status: number, code: string, message: string): DoubleResponse {
  const headers = { "content-type": "application/json", "x-amzn-errortype": code };
  return { status, headers, body: JSON.stringify({ Message: message, Type: "User" }) };
}
