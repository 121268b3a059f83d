// The SDK warns on standard error of Node 20's end when the first client is made. We support Node 20 with the SDK's version pinned.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** How AWS is reached; what is left out is as the SDK's usual chain has it: environment, profile, instance role. */
export interface AwsSettings {
  readonly profile?: string | undefined;
  readonly awsRegion?: string | undefined;
  /** Another endpoint for every service: a test server, a VPC endpoint. */
  readonly endpointUrl?: string | undefined;
  /** Instead of the chain's, e.g. for a test server. */
  readonly credentials?: AwsCredentials | undefined;
  /** Tries of a call before it fails, the first one included. @default 10 */
  readonly maxAttempts?: number | undefined;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** API requests that were sent, retries among them, by service and operation: "S3 ListObjectsV2". */
export type RequestCounts = ReadonlyMap<string, number>;

/** What all our clients are made with. Throttling slows a client down ("adaptive"), and is retried for minutes. */
export interface ClientConfig {
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials;
  readonly maxAttempts: number;
  readonly retryMode: "adaptive";
}

const ATTEMPTS = 10;

export function makeClientConfig({
  profile,
  awsRegion,
  endpointUrl,
  credentials,
  maxAttempts = ATTEMPTS,
}: AwsSettings): ClientConfig {
  return {
    maxAttempts,
    retryMode: "adaptive",
    ...(profile === undefined ? {} : { profile }),
    ...(awsRegion === undefined ? {} : { region: awsRegion }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/** The part of an SDK client that counting needs. */
interface CountableClient {
  readonly middlewareStack: {
    add(
      middleware: <Request, Response>(
        next: (request: Request) => Promise<Response>,
        context: { clientName?: string; commandName?: string },
      ) => (request: Request) => Promise<Response>,
      options: { step: "finalizeRequest"; priority: "low"; name: string },
    ): void;
  };
}

/** Counts each request of a client, its retries too: the middleware stands behind the one that retries. */
export function countRequests(client: CountableClient, counts: Map<string, number>): void {
  client.middlewareStack.add(
    (next, { clientName = "", commandName = "" }) =>
      (request) => {
        const name = `${clientName.replace("Client", "")} ${commandName.replace("Command", "")}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return next(request);
      },
    { step: "finalizeRequest", priority: "low", name: "countRequests" },
  );
}

/** The options of an SDK call that ends with the signal. */
export function withSignal(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
