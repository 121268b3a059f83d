import { gzipSync } from "node:zlib";
import type { GeneratedFile } from "./generated-file.ts";

/** A log file that holds these printed records. */
export function packRecords(key: string, records: readonly string[], note?: string): GeneratedFile {
  const file = {
    key,
    bytes: gzipSync(`{"Records":[${records.join(",")}]}`),
    records: records.length,
  } as const;
  return note === undefined ? { ...file, kind: "log" } : { ...file, kind: "log", note };
}
