import type { DuckDBConnection } from "@duckdb/node-api";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import type { SetAsideFile } from "../../core/catalog.ts";
import type { InspectOptions } from "../warehouse.ts";
import { firstLine } from "./error-text.ts";
import { LARGEST_LOG_BYTES, printTrial } from "./view-sql.ts";

const FILES_A_TRIAL = 200;

/**
 * Reads files with the views' own reader, many at a time, and each alone where that fails. Files that no longer exist are
 * passed over.
 */
export async function tryLogs(
  connection: DuckDBConnection,
  files: AsyncIterable<string>,
  { signal, thorough = false, known = new Map(), onProgress }: InspectOptions = {},
): Promise<SetAsideFile[]> {
  const found: SetAsideFile[] = [];
  for await (const all of inBatches(files, FILES_A_TRIAL)) {
    signal?.throwIfAborted();
    const unchanged = await listUnchanged(all, known);
    found.push(...unchanged.values());
    const batch = all.filter((file) => !unchanged.has(file));
    const readable = batch.length === 0 || (await trial(connection, batch, { lenient: false })) === undefined;
    signal?.throwIfAborted();
    for (const file of readable && !thorough ? [] : batch) {
      signal?.throwIfAborted();
      const verdict = await tryLog(connection, file, { readable, thorough });
      if (verdict !== undefined) found.push(verdict);
    }
    onProgress?.(undefined);
  }
  return found;
}

/** The account in a log's path. */
export function accountOf(file: string): string {
  return file.split("/").at(-7) ?? "";
}

/** The known verdicts on files that have not been touched since. */
async function listUnchanged(
  files: readonly string[],
  known: ReadonlyMap<string, SetAsideFile>,
): Promise<Map<string, SetAsideFile>> {
  const verdicts = files.flatMap((file) => known.get(file) ?? []);
  const checked = await Promise.all(
    verdicts.map(async (verdict) => {
      const stats = await stat(verdict.file).catch(() => undefined);
      const same = stats?.size === verdict.bytes && Math.trunc(stats.mtimeMs) === verdict.modified;
      return same ? [[verdict.file, verdict] as const] : [];
    }),
  );
  return new Map(checked.flat());
}

/** @returns undefined for a good file, and for one that is gone */
async function tryLog(
  connection: DuckDBConnection,
  file: string,
  { readable: known, thorough }: { readonly readable: boolean; readonly thorough: boolean },
): Promise<SetAsideFile | undefined> {
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined) return undefined;
  const strict = known ? undefined : await trial(connection, [file], { lenient: false });
  if (strict === undefined && !thorough) return undefined;
  const damage = await diagnoseGzip(file, stats.size);
  if (strict === undefined && damage === undefined) return undefined;
  const readable = damage === undefined && (await trial(connection, [file], { lenient: true })) === undefined;
  return {
    file,
    account: accountOf(file),
    bytes: stats.size,
    modified: Math.trunc(stats.mtimeMs),
    verdict: readable ? "irregular" : "unreadable",
    reason: damage ?? explain(strict ?? ""),
  };
}

/** @returns DuckDB's message where the files cannot be read */
async function trial(
  connection: DuckDBConnection,
  files: readonly string[],
  options: { readonly lenient: boolean },
): Promise<string | undefined> {
  try {
    await connection.run(printTrial(files, options));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What is wrong with the file before its JSON is looked at; undefined where nothing is. */
async function diagnoseGzip(file: string, size: number): Promise<string | undefined> {
  if (size === 0) return "the file is empty (0 bytes)";
  let start: Buffer | undefined;
  let bytes = 0;
  const source = createReadStream(file);
  source.once("data", (chunk) => (start = Buffer.from(chunk)));
  const gunzip = createGunzip();
  source.once("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LARGEST_LOG_BYTES)
        return `more than ${LARGEST_LOG_BYTES} bytes uncompressed (CloudTrail writes at most 50 MB)`;
    }
    return bytes === 0 ? "there is nothing in it (0 bytes uncompressed)" : undefined;
  } catch (error) {
    if (start !== undefined && (start[0] !== 0x1f || start[1] !== 0x8b)) {
      return `not gzip (it starts with the bytes ${start.subarray(0, 4).toString("hex")}, wanted 1f8b)`;
    }
    return `a broken gzip file (${error instanceof Error ? error.message : String(error)})`;
  } finally {
    source.destroy();
  }
}

/** DuckDB's message in the words of a log file. */
function explain(message: string): string {
  if (message.includes('no "Records" list')) return 'no list "Records" at the top: not a CloudTrail log file';
  if (message.includes("not a GZIP stream")) return "there are other bytes after the gzip data";
  const line = firstLine(message)
    .replace(/ in file ".*?"(?=, |$)/, "")
    .replace(/ Try setting .*$/, "");
  return line.replace(/^Invalid Input Error: /, "");
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
