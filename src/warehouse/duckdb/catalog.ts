import type { Catalog, LakeTable, Table, View } from "../../core/catalog.ts";
import { tableName } from "../../core/catalog.ts";
import type { Covered, Surroundings } from "../../core/partition-cover.ts";
import { extendCover } from "../../core/partition-cover.ts";
import type { PartitionSet } from "../../core/partition-set.ts";
import { UserError } from "../../core/user-error.ts";
import type { Content } from "../warehouse.ts";
import { defineTable, defineView, fingerprint } from "./definitions.ts";
import { isMatched, parseGlob, printGlob } from "./glob-sources.ts";
import { defineLakeTable, defineLakeTables } from "./lake-tables.ts";
import type { State } from "./state.ts";
import { foreignNames } from "./state.ts";

/** The catalog that a database holds. A view that someone else has replaced counts as one without our definition. */
export function printCatalog(state: State, partitions: PartitionSet): Catalog {
  const ifKept = (name: string, select: string): string =>
    state.mainNames.get(name.toLowerCase())?.fingerprint === fingerprint(select) ? select : "";
  const tables = [...state.tables.values()].map((table): [string, Table] => [
    table.name,
    {
      ...table,
      partitions: partitions.ofAccount(table.account),
      definition: ifKept(table.name, defineTable(table, state.setAside)),
    },
  ]);
  const { viewName, setAside, generation: version } = state;
  const views = new Map<string, View>();
  if (viewName !== undefined) {
    const select = defineView([...state.tables.values()], state);
    views.set(viewName, bookView(viewName, ifKept(viewName, select), state));
  }
  const foreign = foreignNames(state);
  return { tables: new Map(tables), ...printLake(state, ifKept), views, setAside, foreign, version };
}

function printLake(
  { lake }: State,
  ifKept: (name: string, select: string) => string,
): Pick<Catalog, "lake" | "lakeTables"> {
  if (lake === undefined) return {};
  const { url, days, coverage } = lake;
  const tables = [...lake.tables].map(([name, part]): [string, LakeTable] => {
    const table = defineLakeTable(name, part, lake);
    return [name, { ...table, definition: ifKept(name, table.definition) }];
  });
  return { lake: { url, days, coverage, ranges: lake.ranges }, lakeTables: new Map(tables) };
}

function bookView(name: string, definition: string, { lake }: Pick<Content, "lake">): View {
  const ranges = lake?.ranges ?? [];
  return { name, definition, ...(ranges.length === 0 ? {} : { ranges }) };
}

/**
 * The catalog that the content calls for.
 * @throws UserError for a lake that DuckDB cannot read
 */
export async function defineCatalog({
  tablePrefix,
  partitions,
  actual,
  setAside,
  lake,
  ...around
}: Content): Promise<Catalog> {
  const known = new Map([...actual.tables.values()].map(({ account, sources }) => [account, sources]));
  const tables = new Map<string, Table>();
  for (const account of partitions.accounts) {
    const name = tableName(tablePrefix, account);
    const content = { name, account, partitions: partitions.ofAccount(account) };
    const sources = await findSources(content, { known: known.get(account) ?? [], around });
    tables.set(name, { ...content, sources, definition: defineTable({ account, sources }, setAside) });
  }
  const view = bookView(tablePrefix, defineView([...tables.values()], { setAside, lake }), { lake });
  const views = new Map(tables.size === 0 ? [] : [[view.name, view]]);
  return { tables, ...defineLake({ tablePrefix, actual, lake }), views, setAside };
}

function defineLake({
  tablePrefix,
  actual,
  lake,
}: Pick<Content, "tablePrefix" | "actual" | "lake">): Pick<Catalog, "lake" | "lakeTables"> {
  if (lake === undefined) return {};
  const { url, days, coverage } = lake;
  refuseBackslash("the lake", url);
  const known = new Set(actual.lakeTables?.keys());
  return { lake: { url, days, coverage }, lakeTables: defineLakeTables(lake, { tablePrefix, known }) };
}

/**
 * DuckDB's globs take it for a slash, and have no way to mean it.
 * @throws UserError naming the folder
 */
export function refuseBackslash(what: string, folder: string | undefined): void {
  if (folder?.includes("\\") !== true) return;
  throw new UserError(`the path of ${what} has a backslash, which DuckDB cannot read: ${folder}`, {
    hint: "make a link to the folder under another name, and use that",
  });
}

async function findSources(
  content: Covered,
  { known, around }: { readonly known: readonly string[]; readonly around: Surroundings },
): Promise<string[]> {
  const globs: string[] = [];
  for (const pattern of extendCover(content, known.map(parseGlob), around)) {
    if (await isMatched(pattern)) globs.push(printGlob(pattern));
  }
  return globs;
}
