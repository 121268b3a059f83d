import { fileURLToPath } from "node:url";
import { availableParallelism } from "node:os";
import { printJsonType, RECORD_COLUMNS } from "../../src/core/columns.ts";
import type { ProcessCost } from "../timing.ts";
import { runNode, runShell, timeShell } from "../timing.ts";
import type { LogSet } from "./log-set.ts";
import { findLogs } from "./log-set.ts";

/** So many batches let all processors end at about the same time, and few processes be started. */
const BATCHES = 40;

/**
 * Gunzips all files with as many processes as there are processors, and throws the text away: no reader of logs takes less.
 * @returns seconds of all processors
 */
export function runFloor({ folder, files }: LogSet): number {
  const batch = Math.ceil(files.length / BATCHES);
  return timeShell(`${findLogs(folder)} | xargs -0 -P${availableParallelism()} -n${batch} zcat > /dev/null`);
}

/** The records one a line, which is what all work with jq begins with. */
export function runJq({ folder }: LogSet): void {
  runShell(`${findLogs(folder)} | xargs -0 zcat | jq -c '.Records[]' > /dev/null`);
}

/** @throws Error where it must be there, since results without it are not whole */
export function hasJq({ required }: { readonly required: boolean }): boolean {
  const isThere = runShell("command -v jq || true") !== "";
  if (!isThere && required) throw new Error("jq is not installed");
  if (!isThere) console.error("jq is not installed: IT IS LEFT OUT OF THE COMPARISON");
  return isThere;
}

const RUN_SQL = fileURLToPath(new URL("../run-sql.mjs", import.meta.url));
/** Room for CloudTrail's largest files. */
const OBJECT_SIZE = 128 * 1024 ** 2;

/**
 * What a DuckDB user would write: all files, all fields declared, into one Parquet file. It neither sorts nor looks for
 * duplicates nor keeps what is not declared, and writes free-form fields as DuckDB prints JSON.
 */
export function runBare({ folder }: LogSet, parquet: string): ProcessCost {
  const record = printJsonType({ kind: "struct", fields: RECORD_COLUMNS });
  const glob = `${folder}/AWSLogs/*/CloudTrail/*/*/*/*/*.json.gz`;
  const read = `read_json('${glob}', columns = {Records: '${record}[]'}, maximum_object_size = ${OBJECT_SIZE})`;
  const sql = `COPY (SELECT unnest(Records, max_depth := 2) FROM ${read}) TO '${parquet}' (FORMAT parquet, COMPRESSION zstd)`;
  return runNode([RUN_SQL, sql], folder);
}
