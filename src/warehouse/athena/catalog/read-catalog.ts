import type { Partition as GluePartition, Table as GlueTable } from "@aws-sdk/client-glue";
import type { Catalog, Table, View } from "../../../core/catalog.ts";
import { forEachConcurrently } from "../../../core/for-each-concurrently.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import { UserError } from "../../../core/user-error.ts";
import type { GlueAddress, PartitionSegment } from "./glue-reader.ts";
import { listPartitions, listTables, readDatabase } from "./glue-reader.ts";
import { parseName } from "./naming.ts";
import { parsePlace } from "./places.ts";
import { listProjected, readFirstDay } from "./projection.ts";
import { readViewDefinition } from "./view-definition.ts";
import { readDefinition, SCHEMA_PARAMETER, SCHEMA_VERSION, VERSION_PARAMETER } from "./table-definition.ts";

/** Glue's most for one table, and as many tables at once. */
const SEGMENTS = 10;
const LISTINGS_AT_ONCE = 10;

/** What Glue holds. */
export interface GlueCatalog {
  readonly catalog: Catalog;
  /** All that bear one of our names, by name, as Glue gave them: updates are made from these. */
  readonly entries: ReadonlyMap<string, GlueTable>;
}

export interface ReadCatalogOptions {
  readonly tablePrefix: string;
  /** Whether tables are to be projected: what is projected is then known of by examples, which are not to be registered. */
  readonly projected: boolean;
  readonly onPartitions?: ((count: number) => void) | undefined;
}

/**
 * Reads tables, partitions and views: a call for the database, one for 100 tables, and one for 1,000 partitions.
 * @throws UserError for tables that a newer version of the tool has made
 */
export async function readCatalog(address: GlueAddress, options: ReadCatalogOptions): Promise<GlueCatalog> {
  const { tablePrefix } = options;
  if (!(await readDatabase(address))) {
    return { catalog: { tables: new Map(), views: new Map(), setAside: new Map() }, entries: new Map() };
  }
  const ours: GlueTable[] = [];
  const foreign = new Set<string>();
  for await (const entry of listTables(address)) {
    const { Name = "" } = entry;
    if (!isOurs(entry)) foreign.add(Name.toLowerCase());
    else if (parseName(Name, tablePrefix) !== undefined) ours.push(entry);
  }
  ours.forEach(refuseNewer);
  ours.sort(byName);
  const tables = await readTables(address, ours.filter(isTable), options);
  const views = ours.filter((entry) => !isTable(entry)).map(readView);
  return {
    catalog: {
      database: address.database,
      tables: new Map(tables.map((table) => [table.name, table])),
      views: new Map(views.map((view) => [view.name, view])),
      setAside: new Map(),
      foreign,
    },
    entries: new Map(ours.map((entry) => [entry.Name ?? "", entry])),
  };
}

/** Glue promises no order. */
function byName({ Name: a = "" }: GlueTable, { Name: b = "" }: GlueTable): number {
  return a < b ? -1 : 1;
}

/** Whether the tool made it. */
export function isOurs({ Parameters }: GlueTable): boolean {
  return Parameters?.[VERSION_PARAMETER] !== undefined;
}

export function isTable({ TableType }: GlueTable): boolean {
  return TableType !== "VIRTUAL_VIEW";
}

function refuseNewer({ Name, Parameters }: GlueTable): void {
  const schema = Number(Parameters?.[SCHEMA_PARAMETER] ?? SCHEMA_VERSION);
  if (schema <= SCHEMA_VERSION) return;
  const made = Parameters?.[VERSION_PARAMETER];
  throw new UserError(
    `${Name} was made by cloudtrail-partitioner ${made}, with columns that this version does not know`,
    { hint: "update cloudtrail-partitioner: an older version would take columns away" },
  );
}

function readView(entry: GlueTable): View {
  return { name: entry.Name ?? "", definition: readViewDefinition(entry) };
}

async function readTables(
  address: GlueAddress,
  entries: readonly GlueTable[],
  { onPartitions, tablePrefix, projected }: ReadCatalogOptions,
): Promise<Table[]> {
  const readings = entries.map((entry) => {
    const role = parseName(entry.Name ?? "", tablePrefix);
    return new TableReading(entry, {
      account: role?.kind === "account" ? role.account : undefined,
      projected,
    });
  });
  await readAll(address, readings, onPartitions);
  return readings.map((reading) => reading.finish());
}

/** The partitions of an entry that is a view still, and is to become the account's table, or that of all. */
export async function readPartitions(
  address: GlueAddress,
  entry: GlueTable,
  account: string | undefined,
): Promise<Pick<Table, "partitions" | "outdated">> {
  const reading = new TableReading(entry, { account, projected: false });
  await readAll(address, [reading]);
  return reading.finish();
}

async function readAll(
  address: GlueAddress,
  readings: readonly TableReading[],
  onPartitions?: ReadCatalogOptions["onPartitions"],
): Promise<void> {
  let read = 0;
  await forEachConcurrently(listSegments(readings), LISTINGS_AT_ONCE, async ({ reading, ...segment }) => {
    for await (const page of listPartitions(address, segment)) {
      page.forEach((partition) => reading.add(partition));
      onPartitions?.((read += page.length));
    }
  });
}

/** The one table of all accounts is read in ten parts at once; those of one account, ten tables at once. */
function* listSegments(
  readings: readonly TableReading[],
): Generator<PartitionSegment & { readonly reading: TableReading }> {
  for (const reading of readings.filter(({ isProjected }) => !isProjected)) {
    const { name, account } = reading.table;
    const segments = account === undefined ? SEGMENTS : 1;
    for (let segment = 0; segment < segments; segment++) yield { table: name, segment, segments, reading };
  }
}

/** A table as its partitions come in. */
class TableReading {
  readonly table: Table;
  readonly isProjected: boolean;
  readonly #outdated = new PartitionSet();

  constructor(
    entry: GlueTable,
    { account, projected }: { readonly account: string | undefined; readonly projected: boolean },
  ) {
    const { Name: name = "", Parameters: parameters = {} } = entry;
    this.isProjected = parameters["projection.enabled"] === "true";
    const places = this.isProjected && projected ? [...listProjected(account, parameters)] : [];
    this.table = {
      name,
      account,
      partitions: new PartitionSet(places.map(({ root, ...place }) => ({ ...place, roots: [root] }))),
      sources: [],
      definition: readDefinition(entry),
      ...(this.isProjected ? { projected: { from: readFirstDay(parameters) } } : {}),
    };
  }

  finish(): Table {
    return this.#outdated.size === 0 ? this.table : { ...this.table, outdated: this.#outdated };
  }

  /** A partition with values that are none of ours is left alone. */
  add({ Values = [], StorageDescriptor, Parameters }: GluePartition): void {
    const parsed = parsePlace(
      { values: Values, location: StorageDescriptor?.Location ?? "" },
      this.table.account,
    );
    if (parsed === undefined) return;
    const { place, isThere } = parsed;
    const { root, ...partition } = place;
    const isCurrent = Parameters?.[SCHEMA_PARAMETER] === String(SCHEMA_VERSION);
    if (isThere) this.table.partitions.add({ ...partition, roots: [root] });
    // A table of one account takes the root from the location: where that is wrong, the root is unknown.
    const isRootKnown = isThere || this.table.account === undefined;
    if (!isThere || !isCurrent) this.#outdated.add({ ...partition, roots: isRootKnown ? [root] : [] });
  }
}
