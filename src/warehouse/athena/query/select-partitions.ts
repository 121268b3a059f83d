import { setMaxListeners } from "node:events";
import { UserError } from "../../../core/user-error.ts";
import type { CallOptions, SelectedTable } from "../../warehouse.ts";
import { execute } from "./execution.ts";
import type { TableScan } from "./io-plan.ts";
import { parseIoPlan } from "./io-plan.ts";
import { mapAtOnce } from "./map-at-once.ts";
import { openAnswer } from "./result.ts";
import { countScans } from "./scan-count.ts";
import { parseStatement } from "./statement.ts";
import type { TableName } from "./table-partitions.ts";
import type { QueryContext } from "./workgroup.ts";

const TABLES_AT_ONCE = 8;

/**
 * What a statement would read, as Athena plans it: nothing is read, and nothing is charged. Constraints are on one column
 * each, so that the partitions may be more than are read, and never fewer.
 * @throws UserError where the statement cannot run, or the plan is of an unknown form
 */
export async function selectPartitions(
  context: QueryContext,
  sql: string,
  options: CallOptions = {},
): Promise<readonly SelectedTable[]> {
  const { read } = parseStatement(sql);
  if (read === undefined) return [];
  return stoppingAll(options.signal, async (signal) => {
    const [inputs, plan] = await Promise.all([
      explain(context, `EXPLAIN (TYPE IO, FORMAT JSON)\n${read}`, { ...options, signal }),
      explainOrNot(context, `EXPLAIN (TYPE DISTRIBUTED)\n${read}`, { ...options, signal }),
    ]);
    const tables = groupByTable(parseIoPlan(inputs));
    const scans = countScans(plan);
    const [client, { selectOfTable }] = await Promise.all([
      context.clients.glue(),
      import("./table-selection.ts"),
    ]);
    return mapAtOnce([...tables], TABLES_AT_ONCE, ([name, group]) =>
      selectOfTable(client, group.table, { scans: group.scans, times: scans.get(name), signal }),
    );
  });
}

/** What is begun with the signal is stopped where anything of it fails. */
async function stoppingAll<Result>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController();
  const either = AbortSignal.any([stopping.signal, ...(signal === undefined ? [] : [signal])]);
  // Each request under way listens, and there may be many.
  setMaxListeners(0, either);
  try {
    return await work(either);
  } catch (error) {
    stopping.abort();
    throw error;
  }
}

/** The plan, in as many rows as it has lines. */
async function explain(context: QueryContext, sql: string, options: CallOptions): Promise<string> {
  const execution = await execute(context, sql, options).catch((error: unknown) => {
    throw moveLines(error);
  });
  const { batches } = await openAnswer(context, execution, options.signal);
  const lines: string[] = [];
  for await (const batch of batches) for (const [line] of batch) lines.push(line ?? "");
  return lines.join("\n");
}

/** "" where Athena refuses: what is wrong with the statement, the other plan says. */
function explainOrNot(context: QueryContext, sql: string, options: CallOptions): Promise<string> {
  return explain(context, sql, options).catch((error: unknown) => {
    if (error instanceof UserError) return "";
    throw error;
  });
}

/** The line of EXPLAIN above the statement is ours. */
function moveLines(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const message = error.message.replaceAll(/\bline (\d+):/g, (_, line) => `line ${Number(line) - 1}:`);
  return new UserError(message, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error });
}

interface ScansOfTable {
  readonly table: TableName;
  readonly scans: readonly TableScan[];
}

/** By `schema.table`. What the engine answers by itself (information_schema) is nowhere on S3. */
function groupByTable(scans: readonly TableScan[]): ReadonlyMap<string, ScansOfTable> {
  const tables = new Map<string, ScansOfTable>();
  for (const scan of scans.filter(({ schema }) => schema !== "information_schema")) {
    if (scan.catalog.toLowerCase() !== "awsdatacatalog") {
      throw new UserError(`no estimate can be made: the query reads another catalog, ${scan.catalog}`, {
        hint: "run it without --estimate and --max-scan",
      });
    }
    const name = `${scan.schema}.${scan.table}`;
    const table = { database: scan.schema, name: scan.table };
    tables.set(name, { table, scans: [...(tables.get(name)?.scans ?? []), scan] });
  }
  return tables;
}
