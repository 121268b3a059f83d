import type { S3Object } from "./s3-double-bucket.ts";
import { S3DoubleBucket } from "./s3-double-bucket.ts";
import type { Deletion } from "./s3-double-xml.ts";
import { parseDeletions, printDeletions, printError, printListing, printLocation } from "./s3-double-xml.ts";
import type { DoubleRequest, DoubleResponse, DoubleService } from "./service.ts";

/** S3 in memory, path-style: one account's buckets, and their owner is never refused. */
export interface S3Double extends DoubleService {
  /** Does nothing where there is such a bucket. @param region what it insists on; none for a bucket that takes any */
  createBucket(name: string, options?: { readonly region?: string; readonly requesterPays?: boolean }): void;
  /** Overwrites; creates the bucket where there is none. */
  put(bucket: string, key: string, bytes: Uint8Array, options?: PutOptions): void;
  remove(bucket: string, key: string): void;
  read(bucket: string, key: string): Uint8Array | undefined;
  /** In the order of UTF-8 bytes. */
  keys(bucket: string): readonly string[];
}

export interface PutOptions {
  /** Milliseconds since 1970. @default 2026-11-23 */
  readonly modified?: number;
  /** By small letters: content-type, content-encoding, x-amz-meta-*. */
  readonly headers?: Readonly<Record<string, string>>;
  /** "GLACIER" cannot be read. @default STANDARD */
  readonly storageClass?: string;
}

const MODIFIED = Date.UTC(2026, 10, 23);

export interface S3DoubleOptions {
  /** The time of what is put by requests, in milliseconds since 1970. @default 2026-11-23 */
  readonly now?: () => number;
}

export function makeS3Double({ now = () => MODIFIED }: S3DoubleOptions = {}): S3Double {
  const buckets = new Map<string, S3DoubleBucket>();
  const double: S3Double = {
    createBucket: (name, { region, requesterPays = false } = {}) => {
      if (!buckets.has(name)) buckets.set(name, new S3DoubleBucket({ region, requesterPays }));
    },
    put: (name, key, bytes, { modified = MODIFIED, headers = {}, storageClass = "STANDARD" } = {}) => {
      double.createBucket(name);
      buckets.get(name)?.put(key, { bytes, modified, headers, storageClass });
    },
    remove: (name, key) => buckets.get(name)?.remove(key),
    read: (name, key) => buckets.get(name)?.read(key)?.bytes,
    keys: (name) => buckets.get(name)?.keys() ?? [],
    nameCall: (request) => {
      const operation = nameOperation(request);
      return operation === undefined ? undefined : `S3 ${operation}`;
    },
    // S3 keeps whole seconds.
    handle: (request) =>
      Promise.resolve(answer(buckets, { ...request, time: Math.floor(now() / 1000) * 1000 })),
  };
  return double;
}

/** The path's bucket and key; "" for none. */
function readPlace({ url }: DoubleRequest): { readonly bucket: string; readonly key: string } {
  const [bucket = "", ...rest] = url.pathname.slice(1).split("/");
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(rest.join("/")) };
}

function nameOperation(request: DoubleRequest): string | undefined {
  const { method, url, headers } = request;
  const service = readScope(request)?.service;
  if (headers["x-amz-target"] !== undefined || (service !== undefined && service !== "s3")) return undefined;
  const { bucket, key } = readPlace(request);
  if (bucket === "") return undefined;
  if (key !== "")
    return { GET: "GetObject", HEAD: "HeadObject", PUT: "PutObject", DELETE: "DeleteObject" }[method];
  if (method === "POST" && url.searchParams.has("delete")) return "DeleteObjects";
  if (method === "GET" && url.searchParams.get("list-type") === "2") return "ListObjectsV2";
  if (method === "GET" && url.searchParams.has("location")) return "GetBucketLocation";
  return { GET: "ListObjects", HEAD: "HeadBucket", PUT: "CreateBucket", DELETE: "DeleteBucket" }[method];
}

/** What the request was signed for; undefined for one that was not signed. */
function readScope({
  headers,
  url,
}: DoubleRequest): { readonly region: string; readonly service: string } | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ?? url.searchParams.get("X-Amz-Credential");
  const [, , region, service] = credential?.split("/") ?? [];
  return region === undefined || service === undefined ? undefined : { region, service };
}

interface TimedRequest extends DoubleRequest {
  /** When it came, in milliseconds since 1970. */
  readonly time: number;
}

/** A request that is for a bucket there is. */
interface BucketRequest extends TimedRequest {
  readonly bucket: S3DoubleBucket;
  readonly bucketName: string;
  readonly key: string;
}

const OPERATIONS: Readonly<Record<string, (request: BucketRequest) => DoubleResponse>> = {
  ListObjectsV2: listObjects,
  GetObject: readObject,
  HeadObject: (request) => ({ ...readObject(request), body: "" }),
  PutObject: putObject,
  DeleteObjects: deleteObjects,
  DeleteObject: ({ bucket, key }) => {
    bucket.remove(key);
    return { status: 204 };
  },
  HeadBucket: ({ bucket }) => ({
    status: 200,
    headers: { "x-amz-bucket-region": bucket.region ?? "us-east-1" },
  }),
  GetBucketLocation: ({ bucket }) => printXml(printLocation(bucket.region ?? "us-east-1")),
};

function answer(buckets: Map<string, S3DoubleBucket>, request: TimedRequest): DoubleResponse {
  const operation = nameOperation(request) ?? "";
  const { bucket: bucketName, key } = readPlace(request);
  const bucket = buckets.get(bucketName);
  if (operation === "CreateBucket") {
    buckets.set(bucketName, bucket ?? new S3DoubleBucket({ region: undefined, requesterPays: false }));
    return { status: 200, headers: { location: `/${bucketName}` } };
  }
  if (bucket === undefined) return noSuchBucket(bucketName);
  if (operation === "DeleteBucket") return deleteBucket(buckets, bucketName);
  const run = OPERATIONS[operation];
  if (run === undefined) {
    return printError(501, "NotImplemented", {
      message: `The double does not know ${request.method} of this.`,
    });
  }
  return refuse(bucket, request) ?? run({ ...request, bucket, bucketName, key });
}

/** What S3 answers before it looks at keys: requests signed for another Region, and those that would not pay. */
function refuse(
  { region, requesterPays }: S3DoubleBucket,
  request: DoubleRequest,
): DoubleResponse | undefined {
  const scope = readScope(request);
  if (region !== undefined && scope !== undefined && scope.region !== region) {
    return printError(301, "PermanentRedirect", {
      message:
        "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
      details: { Endpoint: `s3.${region}.amazonaws.com`, Bucket: readPlace(request).bucket },
      headers: { "x-amz-bucket-region": region },
    });
  }
  if (requesterPays && request.headers["x-amz-request-payer"] !== "requester") {
    return printError(403, "AccessDenied", { message: "Access Denied" });
  }
  return undefined;
}

function noSuchBucket(name: string): DoubleResponse {
  const message = "The specified bucket does not exist";
  return printError(404, "NoSuchBucket", { message, details: { BucketName: name } });
}

function deleteBucket(buckets: Map<string, S3DoubleBucket>, name: string): DoubleResponse {
  if ((buckets.get(name)?.keys().length ?? 0) > 0) {
    const message = "The bucket you tried to delete is not empty";
    return printError(409, "BucketNotEmpty", { message, details: { BucketName: name } });
  }
  buckets.delete(name);
  return { status: 204 };
}

function listObjects({ bucket, bucketName, url }: BucketRequest): DoubleResponse {
  const { searchParams } = url;
  const question = {
    prefix: searchParams.get("prefix") ?? "",
    delimiter: searchParams.get("delimiter") ?? "",
    startAfter: searchParams.get("start-after") ?? "",
    token: searchParams.get("continuation-token") ?? undefined,
    maxKeys: Math.min(1000, Number(searchParams.get("max-keys") ?? 1000)),
  };
  const isUrlEncoded = searchParams.get("encoding-type") === "url";
  return printXml(printListing({ bucket: bucketName, isUrlEncoded, ...question }, bucket.list(question)));
}

function readObject({ bucket, key, headers }: BucketRequest): DoubleResponse {
  const object = bucket.read(key);
  if (object === undefined) {
    const message = "The specified key does not exist.";
    return printError(404, "NoSuchKey", { message, details: { Key: key } });
  }
  if (object.storageClass === "GLACIER") {
    const message = "The operation is not valid for the object's storage class";
    return printError(403, "InvalidObjectState", { message, details: { StorageClass: "GLACIER" } });
  }
  const wanted = headers["if-match"];
  if (wanted !== undefined && unquote(wanted) !== unquote(object.etag)) return preconditionFailed();
  return headers.range === undefined ? printObject(object) : printRange(object, headers.range);
}

function printObject({ bytes, modified, etag, headers }: S3Object): DoubleResponse {
  return {
    status: 200,
    headers: {
      "content-type": "binary/octet-stream",
      ...headers,
      etag,
      "last-modified": new Date(modified).toUTCString(),
      "accept-ranges": "bytes",
      "content-length": String(bytes.length),
    },
    body: bytes,
  };
}

/** "bytes=0-99", "bytes=100-" and "bytes=-100"; any other form is ignored, as HTTP has it. */
function printRange(object: S3Object, range: string): DoubleResponse {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const whole = printObject(object);
  const { length } = object.bytes;
  if (from === "" && to === "") return whole;
  const first = from === "" ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === "" || to === "" ? length - 1 : Math.min(Number(to), length - 1);
  if (first > last)
    return printError(416, "InvalidRange", { message: "The requested range is not satisfiable" });
  const headers = {
    ...whole.headers,
    "content-range": `bytes ${first}-${last}/${length}`,
    "content-length": String(last - first + 1),
  };
  return { status: 206, headers, body: object.bytes.subarray(first, last + 1) };
}

const KEPT_HEADER = /^(content-type|content-encoding|x-amz-meta-.+)$/;

function putObject({ bucket, key, headers, body, time }: BucketRequest): DoubleResponse {
  if (String(headers["x-amz-content-sha256"]).startsWith("STREAMING-")) {
    return printError(501, "NotImplemented", {
      message: "The double takes no chunks: send bytes, not a stream.",
    });
  }
  const before = bucket.read(key);
  const wanted = headers["if-match"];
  if (wanted !== undefined && before === undefined) {
    return printError(404, "NoSuchKey", { message: "The specified key does not exist." });
  }
  const isRefused =
    (wanted !== undefined && unquote(wanted) !== unquote(before?.etag ?? "")) ||
    (headers["if-none-match"] === "*" && before !== undefined);
  if (isRefused) return preconditionFailed();
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADER.test(name));
  const { etag } = bucket.put(key, {
    bytes: body,
    modified: time,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    storageClass: "STANDARD",
  });
  return { status: 200, headers: { etag } };
}

function preconditionFailed(): DoubleResponse {
  const message = "At least one of the pre-conditions you specified did not hold";
  return printError(412, "PreconditionFailed", { message });
}

/** "The request can contain a list of up to 1,000 keys" (S3's API reference). What is refused for one key leaves the others. */
function deleteObjects({ bucket, body, explainDenial }: BucketRequest): DoubleResponse {
  const { keys, isQuiet } = parseDeletions(body.toString("utf8"));
  if (keys.length === 0 || keys.length > 1000) {
    const message =
      "The XML you provided was not well-formed or did not validate against our published schema";
    return printError(400, "MalformedXML", { message });
  }
  const deletions = keys.map((key): Deletion => {
    const message = explainDenial?.(key);
    if (message !== undefined) return { key, error: { code: "AccessDenied", message } };
    bucket.remove(key);
    return { key };
  });
  return printXml(printDeletions(deletions, isQuiet));
}

function unquote(etag: string): string {
  return etag.replace(/^"|"$/g, "");
}

function printXml(body: string): DoubleResponse {
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}
