import type { Partition as GluePartition, Table as GlueTable } from "@aws-sdk/client-glue";
import type { Catalog, Table, View } from "../../../core/catalog.ts";
import { LAKE_SCHEMA } from "../../../core/lake/lake-columns.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import { UserError } from "../../../core/user-error.ts";
import type { GlueAddress } from "./glue-reader.ts";
import { listTables, readDatabase } from "./glue-reader.ts";
import { LAKE_PARAMETER } from "./lake-definition.ts";
import { parseName } from "./naming.ts";
import type { PartitionReading } from "./partition-reading.ts";
import { readAll, SEGMENTS } from "./partition-reading.ts";
import { parsePlace } from "./places.ts";
import { listProjected, readFirstDay } from "./projection.ts";
import type { NamedEntry } from "./read-lake.ts";
import { LakeReading } from "./read-lake.ts";
import { readViewDefinition, readViewRanges } from "./view-definition.ts";
import { readDefinition, SCHEMA_PARAMETER, SCHEMA_VERSION, VERSION_PARAMETER } from "./table-definition.ts";

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
  const { tablePrefix, projected, onPartitions } = options;
  if (!(await readDatabase(address))) {
    return { catalog: { tables: new Map(), views: new Map(), setAside: new Map() }, entries: new Map() };
  }
  const ours: NamedEntry[] = [];
  const foreign = new Set<string>();
  for await (const entry of listTables(address)) {
    const { Name = "" } = entry;
    const role = parseName(Name, tablePrefix);
    if (!isOurs(entry) || isOfOtherPrefix({ entry, role })) foreign.add(Name.toLowerCase());
    else if (role !== undefined) ours.push({ entry, role });
  }
  ours.forEach(refuseNewer);
  ours.sort(byName);
  const raw = ours.filter((named) => !isLake(named));
  const lake = new LakeReading(ours.filter(isLake));
  const tables = raw
    .filter(({ entry }) => isTable(entry))
    .map((named) => new TableReading(named.entry, { account: accountOf(named), projected }));
  await readAll(address, [...tables, ...lake.readings], onPartitions);
  const views = raw.filter(({ entry }) => !isTable(entry)).map(({ entry }) => readView(entry));
  return {
    catalog: {
      database: address.database,
      tables: new Map(tables.map((reading) => [reading.name, reading.finish()])),
      ...lake.finish(views.find(({ name }) => name === tablePrefix)?.ranges),
      views: new Map(views.map((view) => [view.name, view])),
      setAside: new Map(),
      foreign,
    },
    entries: new Map(ours.map(({ entry }) => [entry.Name ?? "", entry])),
  };
}

/** Glue promises no order. */
function byName({ entry: { Name: a = "" } }: NamedEntry, { entry: { Name: b = "" } }: NamedEntry): number {
  return a < b ? -1 : 1;
}

/** Whether the tool made it. */
export function isOurs({ Parameters }: GlueTable): boolean {
  return Parameters?.[VERSION_PARAMETER] !== undefined;
}

export function isTable({ TableType }: GlueTable): boolean {
  return TableType !== "VIRTUAL_VIEW";
}

function isLake({ role }: NamedEntry): boolean {
  return role?.kind === "dataset" || role?.kind === "coverage";
}

/** The view of the prefix `cloudtrail_lake` has the name of a table of the prefix `cloudtrail`, and the other way round. */
function isOfOtherPrefix({ entry, role }: NamedEntry): boolean {
  const isLakeTable = isTable(entry) && entry.Parameters?.[LAKE_PARAMETER] !== undefined;
  return role !== undefined && isLakeTable !== isLake({ entry, role });
}

function accountOf({ role }: NamedEntry): string | undefined {
  return role?.kind === "account" ? role.account : undefined;
}

function refuseNewer(named: NamedEntry): void {
  const { Name, Parameters } = named.entry;
  const known = isLake(named) ? LAKE_SCHEMA : SCHEMA_VERSION;
  if (Number(Parameters?.[SCHEMA_PARAMETER] ?? known) <= known) return;
  const made = Parameters?.[VERSION_PARAMETER];
  throw new UserError(
    `${Name} was made by cloudtrail-partitioner ${made}, with columns that this version does not know`,
    { hint: "update cloudtrail-partitioner: an older version would take columns away" },
  );
}

function readView(entry: GlueTable): View {
  const ranges = readViewRanges(entry);
  return {
    name: entry.Name ?? "",
    definition: readViewDefinition(entry),
    ...(ranges === undefined ? {} : { ranges }),
  };
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

/** A table as its partitions come in. */
class TableReading implements PartitionReading {
  readonly name: string;
  readonly segments: number;
  readonly table: Table;
  readonly #outdated = new PartitionSet();

  constructor(
    entry: GlueTable,
    { account, projected }: { readonly account: string | undefined; readonly projected: boolean },
  ) {
    const { Name: name = "", Parameters: parameters = {} } = entry;
    const isProjected = parameters["projection.enabled"] === "true";
    const places = isProjected && projected ? [...listProjected(account, parameters)] : [];
    this.name = name;
    // The one table of all accounts is read in ten parts at once; those of one account, ten tables at once.
    this.segments = isProjected ? 0 : account === undefined ? SEGMENTS : 1;
    this.table = {
      name,
      account,
      partitions: new PartitionSet(places.map(({ root, ...place }) => ({ ...place, roots: [root] }))),
      sources: [],
      definition: readDefinition(entry),
      ...(isProjected ? { projected: { from: readFirstDay(parameters) } } : {}),
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
