import type { PartitionInput, Table as GlueTable, TableInput } from "@aws-sdk/client-glue";
import { printHiveType, RECORD_COLUMNS } from "../../../core/columns.ts";
import type { PartitionSet } from "../../../core/partition-set.ts";
import type { PlacedPartition } from "./places.ts";
import { OWN_KEYS, SHARED_KEYS } from "./places.ts";
import { planProjection } from "./projection.ts";

/**
 * Raised whenever RECORD_COLUMNS change: tables and partitions carry it, so that those of an earlier time are brought along.
 * A test holds it against the columns.
 */
export const SCHEMA_VERSION = 1;

export const VERSION_PARAMETER = "cloudtrail_partitioner.version";
export const SCHEMA_PARAMETER = "cloudtrail_partitioner.schema";
/** Whether Athena asks the table's partition index. */
export const INDEX_PARAMETER = "partition_filtering.enabled";

/** Set by us, and compared; all other parameters of a table are its owner's, and stay as they are. */
const OUR_PARAMETERS =
  /^(cloudtrail_partitioner\..*|projection\..*|storage\.location\.template|partition_filtering\.enabled|classification|EXTERNAL)$/;

/** How the files of a table are read. */
export interface StorageFormat {
  readonly InputFormat: string;
  readonly OutputFormat: string;
  readonly SerdeInfo: {
    readonly SerializationLibrary: string;
    readonly Parameters: Readonly<Record<string, string>>;
  };
}

/** AWS's recommended form of a table over raw logs (Athena user guide, "Query AWS CloudTrail logs"). */
const FORMAT: StorageFormat = {
  InputFormat: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
  SerdeInfo: {
    SerializationLibrary: "org.apache.hive.hcatalog.data.JsonSerDe",
    Parameters: { "serialization.format": "1" },
  },
};

/** All of a table in Glue that is ours to decide. */
export interface TableDefinition {
  /** Name and Hive type. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** The partition keys, all strings. */
  readonly keys: readonly string[];
  readonly location: string;
  readonly format: StorageFormat;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface DefineOptions {
  /** Whether partitions are worked out from values instead of being registered. */
  readonly projected: boolean;
  /** Whether Athena asks Glue's partition index. */
  readonly partitionIndex: boolean;
}

/** @param account undefined for the table of several accounts */
export function defineTable(
  account: string | undefined,
  partitions: PartitionSet,
  { projected, partitionIndex }: DefineOptions,
): TableDefinition {
  return {
    columns: RECORD_COLUMNS.map(({ name, type }) => [name.toLowerCase(), printHiveType(type)]),
    keys: account === undefined ? SHARED_KEYS : OWN_KEYS,
    location: findCommonFolder(account, partitions),
    format: FORMAT,
    parameters: {
      EXTERNAL: "TRUE",
      classification: "cloudtrail",
      [SCHEMA_PARAMETER]: String(SCHEMA_VERSION),
      ...(partitionIndex ? { [INDEX_PARAMETER]: "true" } : {}),
      ...(projected ? planProjection(account, partitions) : {}),
    },
  };
}

/** Of a location's text up to the bucket's name: "s3:", nothing, and the name. */
const BUCKET_PARTS = 3;

/**
 * Lake Formation wants partitions to lie below their table: the deepest folder that is above all of them; one of the buckets
 * where they lie in several, above which there is no folder.
 */
function findCommonFolder(account: string | undefined, partitions: PartitionSet): string {
  const roots = new Set<string>();
  for (const partition of partitions) for (const root of partition.roots) roots.add(root);
  const folders = [...roots].map((root) => (account === undefined ? root : `${root}${account}/CloudTrail/`));
  const [first = [], ...others] = folders.toSorted().map((folder) => folder.split("/"));
  const differing = others.map((other) => first.findIndex((part, index) => part !== other[index]));
  const length = Math.min(first.length - 1, ...differing.filter((index) => index >= 0));
  return `${first.slice(0, Math.max(length, BUCKET_PARTS)).join("/")}/`;
}

/** Definitions are compared as text. */
export function printDefinition({ parameters, ...rest }: TableDefinition): string {
  const sorted = Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ ...rest, parameters: Object.fromEntries(sorted) });
}

export function parseDefinition(text: string): TableDefinition {
  return JSON.parse(text) as TableDefinition;
}

/** What printDefinition says of a table that Glue has. */
export function readDefinition({ StorageDescriptor, PartitionKeys, Parameters }: GlueTable): string {
  const { Columns = [], Location = "", InputFormat, OutputFormat, SerdeInfo } = StorageDescriptor ?? {};
  const ours = Object.entries(Parameters ?? {}).filter(
    ([key]) => OUR_PARAMETERS.test(key) && key !== VERSION_PARAMETER,
  );
  return printDefinition({
    columns: Columns.map(({ Name = "", Type = "" }) => [Name, Type]),
    keys: (PartitionKeys ?? []).map(({ Name = "" }) => Name),
    location: Location,
    format: {
      InputFormat,
      OutputFormat,
      SerdeInfo: {
        SerializationLibrary: SerdeInfo?.SerializationLibrary,
        Parameters: SerdeInfo?.Parameters,
      },
    } as StorageFormat,
    parameters: Object.fromEntries(ours),
  });
}

/** A table as it is put into Glue; the parameters that are not ours are taken over from the one that is there. */
export function makeTableInput(
  name: string,
  { columns, keys, location, format, parameters }: TableDefinition,
  { version, existing }: { readonly version: string; readonly existing?: GlueTable | undefined },
): TableInput {
  return {
    Name: name,
    Description: "CloudTrail logs, kept by cloudtrail-partitioner",
    TableType: "EXTERNAL_TABLE",
    PartitionKeys: keys.map((key) => ({ Name: key, Type: "string" })),
    StorageDescriptor: {
      Columns: columns.map(([column, type]) => ({ Name: column, Type: type })),
      Location: location,
      ...format,
    },
    Parameters: { ...keepParameters(existing), ...parameters, [VERSION_PARAMETER]: version },
    ...keepOwner(existing),
  };
}

/** What belongs to the table's owner, and an update would otherwise lose. */
export function keepOwner(existing: GlueTable | undefined): Pick<TableInput, "Owner" | "Retention"> {
  return {
    ...(existing?.Owner === undefined ? {} : { Owner: existing.Owner }),
    ...(existing?.Retention === undefined ? {} : { Retention: existing.Retention }),
  };
}

function keepParameters(existing: GlueTable | undefined): Record<string, string> {
  const others = Object.entries(existing?.Parameters ?? {}).filter(
    ([key]) => !OUR_PARAMETERS.test(key) && key !== "presto_view" && key !== "comment",
  );
  return Object.fromEntries(others);
}

/** Whether the table is of several accounts. */
export function isShared({ keys }: TableDefinition): boolean {
  return keys.length === SHARED_KEYS.length;
}

/** A partition carries a storage descriptor of its own, the columns included. */
export function makePartitionInput(
  { values, location }: PlacedPartition,
  { columns, format, parameters }: TableDefinition,
): PartitionInput {
  return {
    Values: [...values],
    StorageDescriptor: {
      Columns: columns.map(([Name, Type]) => ({ Name, Type })),
      Location: location,
      ...format,
    },
    Parameters: { [SCHEMA_PARAMETER]: parameters[SCHEMA_PARAMETER] ?? "" },
  };
}
