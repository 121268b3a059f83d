import { S3Client } from "@aws-sdk/client-s3";
import type { AwsSettings } from "../aws/clients.ts";
import { countRequests, makeClientConfig } from "../aws/clients.ts";

/** Room for every listing at once and for reads beside them: the SDK's own 50 would make some wait. */
const SOCKETS = 128;

/** Every Region of the aws partition says where a bucket lies; this one is asked where no Region is configured. */
const ANY_REGION = "us-east-1";

/** From no Region to any, and from there to the bucket's. */
const MAX_HOPS = 2;

/** A way to one bucket. */
export interface S3Access {
  readonly requests: ReadonlyMap<string, number>;
  /** Sends with a client of the bucket's Region; throws what the SDK throws. */
  send<T>(use: (client: S3Client) => Promise<T>): Promise<T>;
}

/**
 * Follows a bucket to its Region, and stays there. The SDK's `followRegionRedirects` would ask the wrong Region first for every
 * single request, and, as it swaps the client's Region for the time of a call, mixes Regions up when calls overlap.
 */
export function openS3Access(aws: AwsSettings): S3Access {
  const requests = new Map<string, number>();
  const clients = new Map<string | undefined, S3Client>();
  let region = aws.awsRegion;
  const clientOf = (one: string | undefined): S3Client => {
    const client = clients.get(one) ?? makeClient({ ...aws, awsRegion: one }, requests);
    clients.set(one, client);
    return client;
  };
  return {
    requests,
    async send(use) {
      for (let hop = 1; ; hop++) {
        const asked = region;
        try {
          return await use(clientOf(asked));
        } catch (error) {
          const named = regionNamedBy(error);
          if (named === undefined || named === asked || hop > MAX_HOPS) throw error;
          region = named;
        }
      }
    },
  };
}

function makeClient(aws: AwsSettings, requests: Map<string, number>): S3Client {
  const client = new S3Client({
    ...makeClientConfig(aws),
    // Test servers and gateways have one name for all buckets.
    forcePathStyle: aws.endpointUrl !== undefined,
    requestHandler: {
      connectionTimeout: 10_000,
      httpAgent: { maxSockets: SOCKETS },
      httpsAgent: { maxSockets: SOCKETS },
    },
  });
  countRequests(client, requests);
  return client;
}

/** The Region where an error says that the bucket lies; undefined for any other error. */
export function regionNamedBy(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message === "Region is missing") return ANY_REGION;
  if (!WRONG_REGION.test(error.name)) return undefined;
  return headerOf(error, "x-amz-bucket-region") ?? /expecting '([a-z0-9-]+)'/.exec(error.message)?.[1];
}

/** How S3 refuses a request that was signed for another Region; the SDK names a 301 without a body by its status. */
const WRONG_REGION =
  /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|301)$/;

function headerOf(error: Error, name: string): string | undefined {
  if (!("$response" in error)) return undefined;
  const { $response: response } = error;
  if (typeof response !== "object" || response === null || !("headers" in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null) return undefined;
  const value: unknown = Reflect.get(headers, name);
  return typeof value === "string" ? value : undefined;
}
