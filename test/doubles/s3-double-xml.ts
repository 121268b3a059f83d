import type { S3Listing, S3ListQuestion } from "./s3-double-bucket.ts";
import type { DoubleResponse } from "./service.ts";

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

export interface PrintedListing extends S3ListQuestion {
  readonly bucket: string;
  readonly isUrlEncoded: boolean;
}

/** The answer of ListObjectsV2. */
export function printListing(
  { bucket, isUrlEncoded, ...question }: PrintedListing,
  { objects, groups, next }: S3Listing,
): string {
  const name = (text: string): string => escapeXml(isUrlEncoded ? encodeName(text) : text);
  const contents = objects.map(
    ([key, { modified, etag, bytes, storageClass }]) =>
      `<Contents><Key>${name(key)}</Key><LastModified>${new Date(modified).toISOString()}</LastModified>` +
      `<ETag>${escapeXml(etag)}</ETag><Size>${bytes.length}</Size><StorageClass>${storageClass}</StorageClass></Contents>`,
  );
  const prefixes = groups.map((group) => `<CommonPrefixes><Prefix>${name(group)}</Prefix></CommonPrefixes>`);
  return [
    `${HEAD}<ListBucketResult ${NAMESPACE}><Name>${escapeXml(bucket)}</Name><Prefix>${name(question.prefix)}</Prefix>`,
    printOptional("StartAfter", name(question.startAfter)),
    printOptional("ContinuationToken", escapeXml(question.token ?? "")),
    printOptional("NextContinuationToken", escapeXml(next ?? "")),
    `<KeyCount>${objects.length + groups.length}</KeyCount><MaxKeys>${question.maxKeys}</MaxKeys>`,
    printOptional("Delimiter", name(question.delimiter)),
    isUrlEncoded ? "<EncodingType>url</EncodingType>" : "",
    `<IsTruncated>${next !== undefined}</IsTruncated>`,
    ...contents,
    ...prefixes,
    "</ListBucketResult>",
  ].join("");
}

export function printLocation(region: string): string {
  // Buckets of us-east-1 have no location constraint.
  return `${HEAD}<LocationConstraint ${NAMESPACE}>${region === "us-east-1" ? "" : region}</LocationConstraint>`;
}

/** What DeleteObjects says of one key. */
export interface Deletion {
  readonly key: string;
  /** Why it is still there. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** The answer of DeleteObjects; a quiet one has errors alone. */
export function printDeletions(deletions: readonly Deletion[], isQuiet: boolean): string {
  const parts = deletions.map(({ key, error }) => {
    const name = `<Key>${escapeXml(key)}</Key>`;
    if (error === undefined) return isQuiet ? "" : `<Deleted>${name}</Deleted>`;
    const { code, message } = error;
    return `<Error>${name}<Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  });
  return `${HEAD}<DeleteResult ${NAMESPACE}>${parts.join("")}</DeleteResult>`;
}

/** The keys of a DeleteObjects. */
export function parseDeletions(body: string): {
  readonly keys: readonly string[];
  readonly isQuiet: boolean;
} {
  const keys = [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => unescapeXml(key));
  return { keys, isQuiet: /<Quiet>true<\/Quiet>/.test(body) };
}

/** An error as S3 words it; what HEAD gets has no body, which the server sees to. */
export function printError(
  status: number,
  code: string,
  {
    message,
    details = {},
    headers = {},
  }: {
    readonly message: string;
    readonly details?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
  },
): DoubleResponse {
  const more = Object.entries(details).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  const body = `${HEAD}<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message>${more.join("")}<RequestId>0</RequestId></Error>`;
  return { status, headers: { "content-type": "application/xml", ...headers }, body };
}

function printOptional(tag: string, text: string): string {
  return text === "" ? "" : `<${tag}>${text}</${tag}>`;
}

/** As S3's encoding-type=url: a form's encoding of UTF-8 bytes, with slashes left as they are. */
function encodeName(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeXml(text: string): string {
  // S3 writes control characters so, though XML 1.0 does not know them.
  return text.replace(
    /[&<>"]|\p{Cc}/gu,
    (char) => ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`,
  );
}

function unescapeXml(text: string): string {
  return text
    .replace(/&#(x[0-9a-f]+|\d+);/gi, (_, code: string) =>
      String.fromCodePoint(Number(code.replace(/^x/i, "0x"))),
    )
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
