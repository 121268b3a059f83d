import type {
  BackfillError,
  Database,
  DatabaseInput,
  PartitionIndex,
  Table,
  TableInput,
} from "@aws-sdk/client-glue";
import { AwsError, need, toSeconds } from "./aws-json.ts";
import type { AwsPlace } from "./aws-place.ts";
import { arn } from "./aws-place.ts";
import { PartitionList } from "./glue-partition-list.ts";

export interface StoredTable {
  input: TableInput;
  version: number;
  /** Older versions that Glue keeps: one an UpdateTable without SkipArchive. */
  archived: number;
  readonly created: number;
  updated: number;
  readonly partitions: PartitionList;
  readonly indexes: (PartitionIndex & { BackfillErrors?: BackfillError[] })[];
}

export interface StoredDatabase {
  readonly input: DatabaseInput;
  readonly created: number;
  /** By name. */
  readonly tables: Map<string, StoredTable>;
}

/** Everything that Glue knows. Names are kept in lower case, as Glue folds them. */
export interface GlueCatalog {
  readonly place: AwsPlace;
  readonly databases: Map<string, StoredDatabase>;
}

/** @throws AwsError EntityNotFoundException */
export function findDatabase({ databases }: GlueCatalog, name: string | undefined): StoredDatabase {
  const found = databases.get(need(name, "databaseName").toLowerCase());
  if (found !== undefined) return found;
  throw new AwsError("EntityNotFoundException", `Database ${name} not found.`);
}

/** @throws AwsError EntityNotFoundException */
export function findTable(
  catalog: GlueCatalog,
  database: string | undefined,
  name: string | undefined,
): StoredTable {
  const found = findDatabase(catalog, database).tables.get(need(name, "tableName").toLowerCase());
  if (found !== undefined) return found;
  throw new AwsError("EntityNotFoundException", `Table ${name} not found.`);
}

/** @throws AwsError AlreadyExistsException */
export function addDatabase({ databases, place }: GlueCatalog, input: DatabaseInput): void {
  const name = need(input.Name, "databaseInput.name").toLowerCase();
  if (databases.has(name)) throw new AwsError("AlreadyExistsException", "Database already exists.");
  databases.set(name, { input: { ...input, Name: name }, created: now(place), tables: new Map() });
}

/** @throws AwsError AlreadyExistsException, EntityNotFoundException */
export function addTable(catalog: GlueCatalog, database: string | undefined, input: TableInput): StoredTable {
  const { tables } = findDatabase(catalog, database);
  const name = need(input.Name, "tableInput.name").toLowerCase();
  if (tables.has(name)) throw new AwsError("AlreadyExistsException", "Table already exists.");
  const created = now(catalog.place);
  const table: StoredTable = {
    input: { ...input, Name: name },
    version: 0,
    archived: 0,
    created,
    updated: created,
    partitions: new PartitionList(),
    indexes: [],
  };
  tables.set(name, table);
  return table;
}

/** Whole seconds, as Glue's dates are. */
export function now(place: AwsPlace): number {
  return Math.floor(toSeconds(place.now()));
}

/** Dates are seconds, as JSON 1.1 has them. */
type OnTheWire<T> = { [Name in keyof T]: T[Name] | number };

export function toDatabase(catalog: GlueCatalog, { input, created }: StoredDatabase): OnTheWire<Database> {
  return { ...input, Name: input.Name, CreateTime: created, CatalogId: catalog.place.account };
}

export function toTable(catalog: GlueCatalog, database: string, table: StoredTable): OnTheWire<Table> {
  const { input, version, created, updated } = table;
  return {
    ...input,
    Name: input.Name,
    DatabaseName: database.toLowerCase(),
    Retention: input.Retention ?? 0,
    ...(input.StorageDescriptor === undefined
      ? {}
      : {
          StorageDescriptor: {
            Compressed: false,
            NumberOfBuckets: 0,
            StoredAsSubDirectories: false,
            ...input.StorageDescriptor,
          },
        }),
    CreateTime: created,
    UpdateTime: updated,
    CreatedBy: arn({ ...catalog.place, region: "" }, "sts", "assumed-role/reader/session"),
    IsRegisteredWithLakeFormation: false,
    CatalogId: catalog.place.account,
    VersionId: String(version),
  };
}
