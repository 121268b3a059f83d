import type { ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { UserError } from "../core/user-error.ts";
import { explainS3Error } from "./explain-s3-error.ts";
import type { S3Access } from "./s3-client.ts";
import type { StoreObject } from "./store.ts";
import { compareKeys } from "./store.ts";

/** Keys that begin alike, up to and with the delimiter: one entry for all of them. */
export interface S3Group {
  readonly kind: "group";
  readonly prefix: string;
}

export type S3Entry = StoreObject | S3Group;

export interface S3Page {
  /** In the order of UTF-8 bytes; keys are relative to the store. */
  readonly entries: readonly S3Entry[];
  /** Asks for the next page; undefined on the last. */
  readonly token: string | undefined;
}

/** Where a page begins; neither for the first of all. */
export interface S3Position {
  readonly token?: string | undefined;
  /** What sorts up to this, and this itself, is left out; relative to the store. */
  readonly startAfter?: string | undefined;
}

export interface S3PageQuestion extends S3Position {
  readonly prefix: string;
  /** Undefined for none: every key is an entry. */
  readonly delimiter?: string | undefined;
  readonly signal: AbortSignal | undefined;
}

export type ListPage = (question: S3PageQuestion) => Promise<S3Page>;

/** The bucket, and what all keys of the store begin with: "" or "prefix/". */
export interface S3Place {
  readonly bucket: string;
  readonly base: string;
  readonly requestPayer: boolean;
  /** See S3Call. */
  readonly isLake?: boolean;
}

/** Lists a bucket, at most 1,000 entries a request. */
export function openS3Pages(access: S3Access, place: S3Place): ListPage {
  return async (question) => {
    try {
      return await listPage(access, place, question);
    } catch (error) {
      question.signal?.throwIfAborted();
      const { bucket, isLake = false } = place;
      throw explainS3Error(error, { action: "s3:ListBucket", bucket, isLake });
    }
  };
}

/** @throws UserError where the answer to a token is that token: some servers other than S3 never end */
async function listPage(
  access: S3Access,
  { bucket, base, requestPayer }: S3Place,
  { prefix, delimiter, token, startAfter, signal }: S3PageQuestion,
): Promise<S3Page> {
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: `${base}${prefix}`,
    // XML cannot carry all characters that a key can have.
    EncodingType: "url",
    ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
    ...(token === undefined ? {} : { ContinuationToken: token }),
    ...(startAfter === undefined ? {} : { StartAfter: `${base}${startAfter}` }),
    ...(requestPayer ? { RequestPayer: "requester" } : {}),
  });
  signal?.throwIfAborted();
  const output = await access.send((client) =>
    client.send(command, signal === undefined ? {} : { abortSignal: signal }),
  );
  const next = output.IsTruncated === true ? output.NextContinuationToken : undefined;
  if (next !== undefined && next === token) {
    throw new UserError(`the server of the bucket ${bucket} gives the same page of keys again and again`, {
      hint: "it does not list by a delimiter as S3 does: copy the logs to a folder or to S3",
    });
  }
  return { entries: parseEntries(output, base), token: next };
}

function parseEntries(output: ListObjectsV2CommandOutput, base: string): S3Entry[] {
  const decode = output.EncodingType === "url" ? decodeName : (name: string): string => name;
  const relative = (name = ""): string => decode(name).slice(base.length);
  const objects = (output.Contents ?? []).map(({ Key, Size = 0, LastModified, ETag = "" }): S3Entry => ({
    kind: "object",
    key: relative(Key),
    size: Size,
    modified: LastModified?.getTime() ?? 0,
    tag: ETag.replace(/^"(.*)"$/, "$1"),
  }));
  const groups = (output.CommonPrefixes ?? []).map(({ Prefix }): S3Entry => ({
    kind: "group",
    prefix: relative(Prefix),
  }));
  // Each of the two is in order by itself.
  if (objects.length === 0 || groups.length === 0) return [...objects, ...groups];
  return [...objects, ...groups].toSorted((a, b) => compareKeys(pathOf(a), pathOf(b)));
}

export function pathOf(entry: S3Entry): string {
  return entry.kind === "object" ? entry.key : entry.prefix;
}

/** S3 encodes as a form does, a space as a plus; a plus itself always comes as %2B, from other servers too. */
function decodeName(name: string): string {
  return decodeURIComponent(name.replaceAll("+", " "));
}
