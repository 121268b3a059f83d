import type { DoubleRequest, DoubleResponse, DoubleService } from "./service.ts";
import type { AwsPlace } from "./aws-place.ts";

export interface StsDouble extends DoubleService {
  /** Who the caller is: an ARN; tests may set another. */
  callerArn: string;
}

/** STS, of which it knows GetCallerIdentity. */
export function makeStsDouble({ partition, account }: AwsPlace): StsDouble {
  const double: StsDouble = {
    callerArn: `arn:${partition}:sts::${account}:assumed-role/reader/session`,
    nameCall: (request) => {
      const action = readAction(request);
      return action === undefined ? undefined : `STS ${action}`;
    },
    handle: (request) => Promise.resolve(answer(readAction(request), double.callerArn)),
  };
  return double;
}

function answer(action: string | undefined, arn: string): DoubleResponse {
  if (action !== "GetCallerIdentity") {
    return printStsError(400, "InvalidAction", `Could not find operation ${action}`);
  }
  const body = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AROAEXAMPLE:session</UserId><Account>${arn.split(":")[4]}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body };
}

export function printStsError(status: number, code: string, message: string): DoubleResponse {
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>`;
  return { status, headers: { "content-type": "text/xml" }, body };
}

function readAction({ method, headers, body, url }: DoubleRequest): string | undefined {
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  if (method !== "POST" || !isForm || url.pathname !== "/") return undefined;
  return new URLSearchParams(body.toString("utf8")).get("Action") ?? undefined;
}
