import { printHiveType } from "../../../core/columns.ts";
import type { Catalog, LakeContent, LakeTable } from "../../../core/catalog.ts";
import { splitDay } from "../../../core/day.ts";
import { COVERAGE_COLUMNS } from "../../../core/lake/coverage.ts";
import { DATASET_COLUMNS, LAKE_KEYS, LAKE_SCHEMA, OTHER_COLUMNS } from "../../../core/lake/lake-columns.ts";
import type { Dataset, LakeDay } from "../../../core/lake/lake-day.ts";
import { DATASETS, printAccountDay } from "../../../core/lake/lake-day.ts";
import { coverageTableName, datasetTableName } from "./naming.ts";
import type { PlacedPartition } from "./places.ts";
import type { StorageFormat, TableDefinition } from "./table-definition.ts";
import { INDEX_PARAMETER, printDefinition, SCHEMA_PARAMETER } from "./table-definition.ts";

/** Says what of a lake a table has: a dataset, or "coverage". Tables over raw logs do not have it. */
export const LAKE_PARAMETER = "cloudtrail_partitioner.lake";

/** As Athena's own CREATE TABLE ... STORED AS PARQUET makes it. */
const PARQUET: StorageFormat = {
  InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
  SerdeInfo: {
    SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    Parameters: { "serialization.format": "1" },
  },
};

/** A JSON object a line, gzipped where the file's name says so (Athena user guide, "OpenX JSON SerDe"). */
const JSON_LINES: StorageFormat = {
  InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
  SerdeInfo: {
    SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
    Parameters: { "serialization.format": "1" },
  },
};

export interface DefineLakeOptions {
  readonly tablePrefix: string;
  /** What is there: its tables stay, be it without days. */
  readonly actual: Pick<Catalog, "lakeTables" | "lake">;
  readonly partitionIndex: boolean;
}

/** The table of a lake's records, be it empty; those of other datasets and of the coverage only where there are such. */
export function defineLakeTables(
  lake: LakeContent,
  { tablePrefix, actual, partitionIndex }: DefineLakeOptions,
): LakeTable[] {
  const isMoved = actual.lake !== undefined && actual.lake.url !== lake.url;
  const datasets = (Object.keys(DATASETS) as Dataset[]).flatMap((dataset): LakeTable[] => {
    const name = datasetTableName(tablePrefix, dataset);
    const days = lake.days.filter((each) => each.dataset === dataset);
    if (dataset !== "data" && days.length === 0 && actual.lakeTables?.has(name) !== true) return [];
    const definition = printDefinition(defineDataset(dataset, lake.url, { partitionIndex }));
    const placed = days.map(
      (each) => [printAccountDay(each), isMoved ? toAbsolute(lake.url, each) : each] as const,
    );
    return [{ name, days: new Map(placed), definition }];
  });
  if (lake.coverage === undefined) return datasets;
  const definition = printDefinition(defineCoverage(lake.url, lake.coverage));
  return [...datasets, { name: coverageTableName(tablePrefix), days: new Map(), definition }];
}

/** In another lake, folders of the same names are other folders. */
function toAbsolute(url: string, day: LakeDay): LakeDay {
  return { ...day, folder: printLocation(url, day.folder) };
}

function defineDataset(
  dataset: Dataset,
  url: string,
  { partitionIndex }: Pick<DefineLakeOptions, "partitionIndex">,
): TableDefinition {
  const record = DATASET_COLUMNS[dataset].map(
    ({ name, type }) => [name.toLowerCase(), printHiveType(type)] as const,
  );
  return {
    columns: [...record, ...OTHER_COLUMNS.map((name) => [name, "string"] as const)],
    keys: LAKE_KEYS,
    location: printLocation(url, `${dataset}/`),
    format: PARQUET,
    parameters: {
      ...listParameters({ classification: "parquet", lake: dataset }),
      ...(partitionIndex ? { [INDEX_PARAMETER]: "true" } : {}),
    },
  };
}

/** A table has a folder, not a file: the file lies alone in its own. */
function defineCoverage(url: string, key: string): TableDefinition {
  return {
    columns: COVERAGE_COLUMNS.map(({ name, type }) => [name, type === "count" ? "bigint" : "string"]),
    keys: [],
    location: printLocation(url, key.slice(0, key.lastIndexOf("/") + 1)),
    format: JSON_LINES,
    parameters: listParameters({ classification: "json", lake: "coverage" }),
  };
}

function listParameters({
  classification,
  lake,
}: {
  readonly classification: string;
  readonly lake: Dataset | "coverage";
}): Record<string, string> {
  return {
    EXTERNAL: "TRUE",
    classification,
    [SCHEMA_PARAMETER]: String(LAKE_SCHEMA),
    [LAKE_PARAMETER]: lake,
  };
}

/** The partition of an account-day. Another version of its files is another location of the same partition. */
export function placeDay(url: string, { account, day, folder }: LakeDay): PlacedPartition {
  return { values: [account, ...splitDay(day)], location: printLocation(url, folder) };
}

/** @param folder below the lake, or a URL of its own: see parseLocation */
function printLocation(url: string, folder: string): string {
  return folder.includes("://") ? folder : `${url}/${folder}`;
}

/** A folder below the lake; what lies anywhere else is told by its URL, so that it is the same when it is printed again. */
export function parseLocation(url: string, location: string): string {
  return location.startsWith(`${url}/`) ? location.slice(url.length + 1) : location;
}

/** The lake's URL, from the location of the table of a dataset; undefined where that is not one that was printed. */
export function parseLakeUrl(location: string, dataset: Dataset): string | undefined {
  const end = `/${dataset}/`;
  return location.startsWith("s3://") && location.endsWith(end) ? location.slice(0, -end.length) : undefined;
}
