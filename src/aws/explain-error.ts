import { AccessDenied, UserError } from "../core/user-error.ts";

/** The call that failed, for people. */
export interface AwsCall {
  /** As in IAM policies: "glue:GetTables". */
  readonly action: string;
  /** What it was about: an ARN or a URL. */
  readonly resource: string;
}

/**
 * Turns what the SDK throws into an error that names the call, what AWS said and what to do; returns anything that the user
 * cannot put right as it is, to be thrown on.
 */
export function explainAwsError(error: unknown, { action, resource }: AwsCall): unknown {
  if (!(error instanceof Error) || error instanceof UserError || error.name === "AbortError") return error;
  const said = `${action} on ${resource}: ${error.name}: ${error.message}`;
  for (const { names, explain } of EXPLANATIONS) {
    if (names.test(`${error.name} ${codeOf(error)} ${error.message}`))
      return explain(said, { action, resource, error });
  }
  // What AWS itself answers is never a bug of ours that the user cannot read about; the callers know the rest by name.
  return isServiceError(error) && !EXPECTED.test(error.name)
    ? new UserError(`AWS refused ${said}`, { cause: error })
    : error;
}

/** Callers ask for these by name. */
const EXPECTED =
  /^(EntityNotFound|AlreadyExists|ConcurrentModification|ResourceNumberLimitExceeded|InvalidRequest)Exception$/;

/** The SDK's mark of an answer of the service. */
function isServiceError(error: Error): boolean {
  return "$fault" in error;
}

/** Node's code of a network error: the message of one that tried several addresses is empty. */
function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
}

type Explain = (said: string, call: AwsCall & { readonly error: Error }) => UserError;

const EXPLANATIONS: readonly { readonly names: RegExp; readonly explain: Explain }[] = [
  {
    names: /Insufficient Lake Formation permission/,
    explain: (said, { error }) =>
      new AccessDenied(`Lake Formation refused ${said}`, {
        hint: "grant the role ALTER, DESCRIBE and SELECT on the database and its tables in Lake Formation, and a data location permission on the log bucket, or give IAMAllowedPrincipals back",
        cause: error,
      }),
  },
  {
    names: /ExpiredToken|TokenRefreshRequired|token.*expired|SSO session/i,
    explain: (said, { error }) =>
      new UserError(`the AWS credentials have expired: ${said}`, {
        hint: "sign in again, e.g. aws sso login --profile <name>",
        cause: error,
      }),
  },
  {
    names: /CredentialsProviderError|Could not load credentials/,
    explain: (said, { error }) =>
      new UserError(`there are no AWS credentials: ${said}`, {
        hint: "name a profile with --profile, or set AWS_PROFILE, or sign in with aws sso login",
        cause: error,
      }),
  },
  {
    names:
      /InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature/,
    explain: (said, { error }) =>
      new UserError(`AWS does not accept the credentials: ${said}`, {
        hint: "check the access key, and that --aws-region is of the same AWS partition (GovCloud and China have credentials of their own)",
        cause: error,
      }),
  },
  {
    names: /Region is missing|ConfigError.*region/i,
    explain: (said, { error }) =>
      new UserError(`there is no AWS Region: ${said}`, {
        hint: "name the Region of the Glue database with --aws-region, aws_region in the configuration file, or AWS_REGION",
        cause: error,
      }),
  },
  {
    names: /AccessDenied|AccessDeniedException|Forbidden|UnauthorizedOperation|AllAccessDisabled/,
    explain: (said, { action, resource, error }) =>
      new AccessDenied(`not allowed: ${said}`, {
        hint: `allow ${action} on ${resource}; cloudtrail-partitioner iam-policy prints all that is needed`,
        cause: error,
      }),
  },
  {
    names: /Throttling|TooManyRequests|SlowDown|RequestLimitExceeded/,
    explain: (said, { error }) =>
      new UserError(`AWS kept throttling, after many tries: ${said}`, {
        hint: "run again later: what was done stays done",
        cause: error,
      }),
  },
  {
    names: /ResourceNumberLimitExceeded|LimitExceededException/,
    explain: (said, { error }) =>
      new UserError(`a quota of AWS is used up: ${said}`, {
        hint: "ask AWS for more (Service Quotas), or let retention_days drop old partitions; what was done stays done",
        cause: error,
      }),
  },
  {
    names: /RequestTimeTooSkewed|RequestExpired/,
    explain: (said, { error }) =>
      new UserError(`this machine's clock is wrong: ${said}`, { hint: "set the clock", cause: error }),
  },
  {
    names: /GlueEncryptionException|KMSException|KMS\./,
    explain: (said, { error }) =>
      new UserError(`the key of the catalog or of the data refused ${said}`, {
        hint: "allow kms:Decrypt and kms:GenerateDataKey on the key that encrypts the catalog",
        cause: error,
      }),
  },
  {
    names: /InternalServiceException|InternalError|InternalServerError|ServiceUnavailable|OperationTimeout/,
    explain: (said, { error }) =>
      new UserError(`AWS failed, after many tries: ${said}`, {
        hint: "run again later: what was done stays done",
        cause: error,
      }),
  },
  {
    names: /ERR_INVALID_URL|EndpointError|Region not accepted/,
    explain: (said, { error }) =>
      new UserError(`there is no such place in AWS: ${said}`, {
        hint: "check --endpoint-url, --aws-region and the variables AWS_ENDPOINT_URL and AWS_REGION",
        cause: error,
      }),
  },
  {
    names: /SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_/,
    explain: (said, { error }) =>
      new UserError(`the certificate of the server is not trusted: ${said}`, {
        hint: "name your proxy's certificate in NODE_EXTRA_CA_CERTS",
        cause: error,
      }),
  },
  {
    names:
      /EHOSTUNREACH|ENETUNREACH|EPIPE|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|TimeoutError|NetworkingError/,
    explain: (said, { error }) =>
      new UserError(`AWS cannot be reached: ${said}`, {
        hint: "check the network, the proxy, --aws-region and --endpoint-url; what was done stays done",
        cause: error,
      }),
  },
];

/** Makes a call, and explains what it throws. */
export async function explained<T>(call: AwsCall, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw explainAwsError(error, call);
  }
}

/** Whether AWS answered with this error: "EntityNotFoundException". */
export function isAwsError(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
