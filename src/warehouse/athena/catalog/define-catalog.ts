import type { Catalog, Table, View } from "../../../core/catalog.ts";
import { tableName } from "../../../core/catalog.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import { UserError } from "../../../core/user-error.ts";
import type { Content } from "../../warehouse.ts";
import type { Layout } from "./layout.ts";
import { decideLayout } from "./layout.ts";
import { defineLakeTables } from "./lake-definition.ts";
import { datasetTableName, sharedTableName, parseName } from "./naming.ts";
import { printPrestoView } from "./presto-view.ts";
import { defineTable, printDefinition } from "./table-definition.ts";
import type { Branch } from "./view-sql.ts";
import {
  ACCOUNT_VIEW_COLUMNS,
  ALL_VIEW_COLUMNS,
  printAccountView,
  printAllView,
  printLakeView,
} from "./view-sql.ts";

/** How the tables are to be made. */
export interface CatalogOptions {
  readonly database: string;
  readonly layout: Layout;
  readonly projected: boolean;
  readonly partitionIndex: boolean;
}

/**
 * The tables and views that partitions call for. Accounts with a table of their own and those that share one have the same
 * names and columns.
 */
export function defineCatalog(content: Content, options: CatalogOptions): Catalog {
  const { tablePrefix, partitions, actual } = content;
  const { database } = options;
  if (!options.projected) refusePartialLook(content);
  const isUnified = actual.tables.size === 1 && actual.tables.has(sharedTableName(tablePrefix));
  const { own, shared } = decideLayout(options.layout, partitions, { ...options, isUnified });
  const tables = own.map((account) => {
    const name = tableName(tablePrefix, account);
    return makeTable({ name, account }, partitions.ofAccount(account), options);
  });
  if (shared.length > 0) {
    const name = sharedTableName(tablePrefix);
    const sharing = new Set(shared);
    const theirs = own.length === 0 ? partitions : partitions.filter(({ account }) => sharing.has(account));
    tables.push(makeTable({ name, account: undefined }, theirs, options));
  }
  const views = shared.map((account): View => {
    const sql = printAccountView({ database, table: sharedTableName(tablePrefix) }, account);
    const definition = printPrestoView({ sql, database, columns: ACCOUNT_VIEW_COLUMNS });
    return { name: tableName(tablePrefix, account), definition };
  });
  const isMixed = own.length > 0;
  const branches = tables.map(({ name, account }) => ({
    database,
    table: name,
    account,
    accounts: isMixed && account === undefined ? shared : undefined,
  }));
  const sql = printView(branches, content, options);
  if (sql !== undefined) {
    const definition = printPrestoView({ sql, database, columns: ALL_VIEW_COLUMNS });
    const { ranges = [] } = content.lake ?? {};
    views.unshift({ name: tablePrefix, definition, ...(ranges.length === 0 ? {} : { ranges }) });
  }
  return {
    database,
    tables: new Map(tables.map((table) => [table.name, table])),
    ...defineLake(content, options),
    views: new Map(views.map((view) => [view.name, view])),
    setAside: new Map(),
  };
}

/** The view over all accounts; undefined where it would read nothing. */
function printView(
  branches: readonly Branch[],
  content: Content,
  { database }: CatalogOptions,
): string | undefined {
  const { tablePrefix, lake } = content;
  const { ranges = [] } = lake ?? {};
  if (ranges.length > 0) {
    const table = datasetTableName(tablePrefix, "data");
    return printLakeView(branches, { database, table, ranges, accounts: chooseAccounts(content) });
  }
  return branches.length > 0 ? printAllView(branches) : undefined;
}

/** The accounts that have tables, or had; undefined where the lake has no other. */
function chooseAccounts({ tablePrefix, lake, partitions, actual }: Content): readonly string[] | undefined {
  const roles = [...actual.tables.keys(), ...actual.views.keys()].map((name) => parseName(name, tablePrefix));
  const named = roles.flatMap((role) => (role?.kind === "account" ? [role.account] : []));
  const accounts = new Set([...partitions.accounts, ...named]);
  const isWhole = lake?.days.every(({ dataset, account }) => dataset !== "data" || accounts.has(account));
  return isWhole === false ? [...accounts].toSorted() : undefined;
}

function defineLake(
  { tablePrefix, lake, actual }: Content,
  { partitionIndex }: CatalogOptions,
): Pick<Catalog, "lakeTables" | "lake"> {
  if (lake === undefined) return {};
  const { url, days, coverage } = lake;
  const tables = defineLakeTables(lake, { tablePrefix, actual, partitionIndex });
  return { lakeTables: new Map(tables.map((table) => [table.name, table])), lake: { url, days, coverage } };
}

/** Projected tables are to be registered: what is not looked at now would be in no table any more. */
function refusePartialLook({ actual, scope }: Content): void {
  const [first] = [...actual.tables.values()]
    .flatMap(({ projected }) => (projected === undefined ? [] : [projected.from]))
    .toSorted();
  if (first === undefined || (scope.isWhole && (scope.from === undefined || scope.from <= first))) return;
  throw new UserError(
    `the tables are projected from ${first} on, and this run does not look at all of that: what it does not see would be missing`,
    {
      hint: `run once with --from ${first}, without --to, --account and --region; or keep partitions: projected`,
    },
  );
}

function makeTable(
  { name, account }: Pick<Table, "name" | "account">,
  partitions: PartitionSet,
  options: CatalogOptions,
): Table {
  return {
    name,
    account,
    partitions: options.projected ? new PartitionSet() : partitions,
    sources: [],
    definition: printDefinition(defineTable(account, partitions, options)),
  };
}
