import { resolve } from "node:path";
import { UserError } from "../../../core/user-error.ts";
import { writeWhole } from "../../../files/write-whole.ts";
import type { CallOptions, QueryOptions, Warehouse } from "../../warehouse.ts";
import type { AthenaOptions } from "../athena-options.ts";
import { openQueryClients } from "./clients.ts";
import { execute } from "./execution.ts";
import { openAnswer, toResult } from "./result.ts";
import type { TextAnswer } from "./result.ts";
import { parseStatement } from "./statement.ts";
import type { QueryContext } from "./workgroup.ts";
import { readWorkgroup } from "./workgroup.ts";

/** The part of a warehouse that runs SQL on Athena. Must be closed. */
export type AthenaQueries = Required<
  Pick<Warehouse, "query" | "exportParquet" | "selectPartitions" | "readScanLimit" | "close">
>;

/** @param requests counts what is sent: see Warehouse.requests */
export function openAthenaQueries(options: AthenaOptions, requests: Map<string, number>): AthenaQueries {
  const clients = openQueryClients(options, requests);
  const context: QueryContext = { clients, options };
  return {
    query: async (sql, callOptions) => toResult(await answer(context, parseStatement(sql).sql, callOptions)),
    exportParquet: (sql, file, callOptions) => exportParquet(context, sql, { file, ...callOptions }),
    selectPartitions: async (sql, callOptions) =>
      (await import("./select-partitions.ts")).selectPartitions(context, sql, callOptions),
    readScanLimit: async ({ signal } = {}) =>
      (await readWorkgroup(context, signal))?.BytesScannedCutoffPerQuery,
    close: () => clients.close(),
  };
}

/** @param sql one statement that may run */
async function answer(context: QueryContext, sql: string, options: CallOptions = {}): Promise<TextAnswer> {
  const execution = await execute(context, sql, options);
  return openAnswer(context, execution, options.signal);
}

interface ExportOptions extends QueryOptions {
  readonly file: string;
}

async function exportParquet(
  context: QueryContext,
  sql: string,
  { file, ...options }: ExportOptions,
): ReturnType<Warehouse["exportParquet"]> {
  const statement = parseStatement(sql);
  if (!statement.isQuery) {
    throw new UserError("EXPLAIN, DESCRIBE and SHOW have no Parquet form", {
      hint: "choose another --format",
    });
  }
  const { writeParquet } = await import("./parquet.ts");
  let written: TextAnswer | undefined;
  // The place is looked at first: a query whose answer cannot be kept is not to be paid for.
  await writeWhole(resolve(file), async (path) => {
    written = await answer(context, statement.sql, options);
    await writeParquet(written, path, options.signal);
  });
  return { setAside: [], unrecorded: undefined, scan: written?.scan };
}
