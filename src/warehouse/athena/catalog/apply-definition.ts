import type { Table as GlueTable } from "@aws-sdk/client-glue";
import type { ApplyContext } from "./apply-context.ts";
import { isOurs, isTable } from "./read-catalog.ts";
import { StaleCatalog } from "./stale-catalog.ts";
import type { TableDefinition } from "./table-definition.ts";
import { INDEX_PARAMETER, makeTableInput, parseDefinition } from "./table-definition.ts";
import { createTable, ensureIndex, readTable, updateTable } from "./write-tables.ts";

/** A table of whatever kind. */
export interface DefinedTable {
  readonly name: string;
  /** See printDefinition. */
  readonly definition: string;
}

/** A table that another run has made meanwhile is as good as ours, and gets its partitions from both. */
export async function createOrMeet(
  table: DefinedTable,
  { address, version }: Pick<ApplyContext, "address" | "version">,
): Promise<void> {
  const definition = parseDefinition(table.definition);
  const input = makeTableInput(table.name, definition, { version });
  if (await createTable(address, input, { indexKeys: indexKeys(definition) })) return;
  const met = await readTable(address, table.name);
  if (met === undefined || !isOurs(met) || !isTable(met))
    throw new StaleCatalog(`${table.name} has appeared`);
}

/** Undefined for a table that is to have no index. */
export function indexKeys({ keys, parameters }: TableDefinition): readonly string[] | undefined {
  return parameters[INDEX_PARAMETER] === "true" ? keys : undefined;
}

export function withoutIndex({ parameters, ...rest }: TableDefinition): TableDefinition {
  const { [INDEX_PARAMETER]: _, ...others } = parameters;
  return { ...rest, parameters: others };
}

/**
 * Replaces a table's definition in place.
 * @throws StaleCatalog where another run has changed it
 */
export async function replaceTable(
  table: DefinedTable,
  existing: GlueTable | undefined,
  { address, version }: ApplyContext,
): Promise<void> {
  const definition = parseDefinition(table.definition);
  const keys = indexKeys(definition);
  // Glue makes one index at a time, and three at most: where it refuses, the next run tries again.
  const hasIndex = keys === undefined || (await ensureIndex(address, table.name, keys));
  const feasible = hasIndex ? definition : withoutIndex(definition);
  await updateTable(address, makeTableInput(table.name, feasible, { version, existing }), existing);
}
