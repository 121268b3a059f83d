import type { DatabaseInput, PartitionInput, Table, TableInput } from "@aws-sdk/client-glue";
import type { JsonOperation, JsonService } from "./aws-json.ts";
import { AwsError } from "./aws-json.ts";
import type { AwsPlace } from "./aws-place.ts";
import type { GlueCatalog, StoredTable } from "./glue-catalog.ts";
import { addDatabase, addTable, findDatabase, findTable, now, toTable } from "./glue-catalog.ts";
import { makeIndexOperations } from "./glue-indexes.ts";
import { flatten, toPartitionInput } from "./glue-partition-list.ts";
import { makePartitionOperations } from "./glue-partitions.ts";
import { makeTableOperations } from "./glue-tables.ts";
import { printForeignView } from "./glue-view-text.ts";

/** A partition to be there from the start; what it lacks is as in its table. */
export interface SeedPartition {
  readonly values: readonly string[];
  readonly location: string;
  readonly columns?: readonly { readonly Name: string; readonly Type: string }[];
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Glue's state without its times and versions. */
export type GlueSnapshot = Readonly<Record<string, SnapshotDatabase>>;

export interface SnapshotDatabase extends DatabaseInput {
  readonly tables: Readonly<Record<string, SnapshotTable>>;
}

export interface SnapshotTable extends TableInput {
  /** In order of their values. */
  readonly partitions: readonly PartitionInput[];
  readonly indexes: readonly object[];
}

/** Glue's catalog with its real limits. */
export interface GlueDouble extends JsonService {
  /** What the operations work on; the Athena double reads it too. */
  readonly catalog: GlueCatalog;
  /** Whether write calls are refused as Lake Formation does. */
  refuseByLakeFormation: boolean;
  /** BatchGetPartition leaves what comes behind this many in UnprocessedKeys; Infinity to begin with. */
  processedKeys: number;
  /** Creates the database; does nothing where there is one. */
  makeDatabase(name: string): void;
  /** The database is made where it is missing. */
  makeTable(database: string, input: TableInput): void;
  /** An external table of Parquet files that is none of ours. */
  makeForeignTable(database: string, name: string): void;
  /** An Athena view that is none of ours. */
  makeForeignView(database: string, name: string): void;
  /** Adds to a table without any call; those that are there already are left as they are. */
  seedPartitions(database: string, table: string, partitions: Iterable<SeedPartition>): void;
  /** In order of their names, as GetTables has them but for dates. */
  tables(database: string): Table[];
  /** In order of their values, as they were given. */
  partitions(database: string, table: string): PartitionInput[];
  partitionCount(database: string, table: string): number;
  /** How many old versions Glue keeps: one an UpdateTable without SkipArchive. */
  archivedVersions(database: string, table: string): number;
  snapshot(): GlueSnapshot;
}

export function makeGlueDouble(place: AwsPlace): GlueDouble {
  const catalog: GlueCatalog = { place, databases: new Map() };
  const double: GlueDouble = {
    name: "Glue",
    target: "AWSGlue",
    operations: {},
    catalog,
    refuseByLakeFormation: false,
    processedKeys: Infinity,
    makeDatabase: (name) => {
      if (!catalog.databases.has(name.toLowerCase())) addDatabase(catalog, { Name: name });
    },
    makeTable: (database, input) => {
      double.makeDatabase(database);
      addTable(catalog, database, input);
    },
    makeForeignTable: (database, name) => double.makeTable(database, foreignTable(name)),
    makeForeignView: (database, name) => double.makeTable(database, printForeignView(database, name)),
    seedPartitions: (database, table, partitions) => {
      seed(findTable(catalog, database, table), partitions, now(place));
    },
    tables: (database) => {
      const { tables } = findDatabase(catalog, database);
      return sortByName(tables).map(([, table]) => toTable(catalog, database, table) as Table);
    },
    partitions: (database, table) => listInputs(findTable(catalog, database, table)),
    partitionCount: (database, table) => findTable(catalog, database, table).partitions.size,
    archivedVersions: (database, table) => findTable(catalog, database, table).archived,
    snapshot: () => takeSnapshot(catalog),
  };
  const operations = {
    ...makeTableOperations(catalog),
    ...makeIndexOperations(catalog),
    ...makePartitionOperations(catalog, double),
  };
  return Object.assign(double, { operations: guardByLakeFormation(operations, double) });
}

function seed({ partitions, input }: StoredTable, seeds: Iterable<SeedPartition>, created: number): void {
  const descriptor = input.StorageDescriptor;
  for (const { values, location, columns, parameters } of seeds) {
    partitions.create(
      {
        Values: [...values],
        StorageDescriptor: {
          ...descriptor,
          ...(columns === undefined ? {} : { Columns: [...columns] }),
          Location: flatten(location),
        },
        ...(parameters === undefined ? {} : { Parameters: parameters }),
      },
      created,
    );
  }
}

function takeSnapshot({ databases }: GlueCatalog): GlueSnapshot {
  return Object.fromEntries(
    sortByName(databases).map(([name, { input, tables }]) => [
      name,
      {
        ...input,
        tables: Object.fromEntries(
          sortByName(tables).map(([table, stored]) => [
            table,
            { ...stored.input, partitions: listInputs(stored), indexes: stored.indexes },
          ]),
        ),
      },
    ]),
  );
}

function listInputs({ partitions }: StoredTable): PartitionInput[] {
  const byKey = [...partitions].map((stored) => [stored.key, stored] as const);
  return sortByName(byKey).map(([, stored]) => toPartitionInput(stored));
}

function sortByName<T>(entries: Iterable<readonly [string, T]>): (readonly [string, T])[] {
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** What a call would need, as Lake Formation's refusals name it; reading calls are not listed. */
const NEEDED: Readonly<Record<string, string>> = {
  CreateDatabase: "Create Database",
  CreateTable: "Create Table",
  UpdateTable: "Alter",
  DeleteTable: "Drop",
  BatchDeleteTable: "Drop",
  CreatePartition: "Alter",
  BatchCreatePartition: "Alter",
  BatchUpdatePartition: "Alter",
  BatchDeletePartition: "Alter",
  CreatePartitionIndex: "Alter",
  DeletePartitionIndex: "Alter",
};

interface Named {
  readonly DatabaseName?: string;
  readonly TableName?: string;
  readonly Name?: string;
  readonly TableInput?: { readonly Name?: string };
}

function guardByLakeFormation(
  operations: Readonly<Record<string, JsonOperation>>,
  double: GlueDouble,
): Readonly<Record<string, JsonOperation>> {
  const guarded = Object.entries(operations).map(([name, run]): [string, JsonOperation] => {
    const needed = NEEDED[name];
    if (needed === undefined) return [name, run];
    return [
      name,
      (input: never) => {
        if (!double.refuseByLakeFormation) return run(input);
        const { DatabaseName, TableName, Name, TableInput } = input as Named;
        const table = name === "CreateTable" ? undefined : (TableName ?? Name ?? TableInput?.Name);
        throw new AwsError(
          "AccessDeniedException",
          `Insufficient Lake Formation permission(s): Required ${needed} on ${table ?? DatabaseName ?? "Catalog"}`,
        );
      },
    ];
  });
  return Object.fromEntries(guarded);
}

function foreignTable(name: string): TableInput {
  return {
    Name: name,
    TableType: "EXTERNAL_TABLE",
    Parameters: { EXTERNAL: "TRUE", classification: "parquet" },
    PartitionKeys: [{ Name: "dt", Type: "string" }],
    StorageDescriptor: {
      Columns: [{ Name: "id", Type: "bigint" }],
      Location: `s3://somebody-elses-bucket/${name}/`,
      InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
    },
  };
}
