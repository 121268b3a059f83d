import type { GetObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { GetObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import { withSignal } from "../../../aws/clients.ts";
import { explainAwsError } from "../../../aws/explain-error.ts";
import type { TextRow } from "./csv-reader.ts";
import { CsvReader, NotCsvError } from "./csv-reader.ts";

const BATCH_ROWS = 1000;
/** A batch is handed out when it has so much text, however few its rows. */
const BATCH_CHARACTERS = 8_000_000;
/** How often a transfer that breaks off may begin again where it was. */
const RESUMPTIONS = 5;

export interface ObjectOptions {
  /** `s3://bucket/key` */
  readonly url: string;
  /** Names of the columns, which the object begins with. */
  readonly names: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/**
 * The rows of an answer from the CSV object that Athena wrote, in batches.
 * @returns undefined where it may not be read, or is no such CSV
 */
export async function openObject(
  client: S3Client,
  { url, names, signal }: ObjectOptions,
): Promise<AsyncGenerator<readonly TextRow[]> | undefined> {
  const pieces = readPieces(client, url, signal);
  const batches = readBatches(pieces);
  try {
    const { value: first } = await batches.next();
    const [head, ...rows] = first ?? [];
    if (head?.length === names.length && names.every((name, index) => head[index] === name)) {
      return prepend(rows, batches);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof S3ServiceException || error instanceof NotCsvError)) throw explain(error, url);
  }
  await batches.return(undefined);
  return undefined;
}

async function* prepend(
  first: readonly TextRow[],
  rest: AsyncGenerator<readonly TextRow[]>,
): AsyncGenerator<readonly TextRow[]> {
  try {
    if (first.length > 0) yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* readBatches(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly TextRow[]> {
  const reader = new CsvReader();
  const decoder = new TextDecoder();
  let batch: TextRow[] = [];
  let characters = 0;
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true });
    characters += text.length;
    for (const row of reader.push(text)) batch.push(row);
    if (batch.length < BATCH_ROWS && (batch.length === 0 || characters < BATCH_CHARACTERS)) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  batch.push(...reader.push(decoder.decode()), ...reader.end());
  if (batch.length > 0) yield batch;
}

/** The bytes of the object; a transfer that breaks off goes on where it was: the answer has been paid for. */
async function* readPieces(
  client: S3Client,
  url: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(url) ?? [];
  const place: GetObjectCommandInput = { Bucket, Key };
  const { Body, ETag } = await client.send(new GetObjectCommand(place), withSignal(signal));
  let body = Body;
  let at = 0;
  for (let left = RESUMPTIONS; ; left--) {
    try {
      for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
        signal?.throwIfAborted();
        at += piece.length;
        yield piece;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (left === 0) throw explain(error, url);
    }
    const rest = new GetObjectCommand({ ...place, Range: `bytes=${at}-`, IfMatch: ETag });
    const resumed = await client.send(rest, withSignal(signal)).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw explain(error, url);
    });
    body = resumed.Body;
  }
}

function explain(error: unknown, url: string): unknown {
  return explainAwsError(error, { action: "s3:GetObject", resource: url });
}
