import type { Table as GlueTable, TableInput } from "@aws-sdk/client-glue";
import type { View } from "../../../core/catalog.ts";
import type { DayRange } from "../../../core/day.ts";
import { printHiveType } from "../../../core/columns.ts";
import { decodeViewText, encodeViewText, readColumnNames } from "./presto-view.ts";
import { VERSION_PARAMETER } from "./table-definition.ts";
import { ALL_VIEW_COLUMNS } from "./view-sql.ts";

/** The days that a view reads from a lake, as JSON. */
const RANGES_PARAMETER = "cloudtrail_partitioner.lake_days";

/** @returns undefined for a view that reads none */
export function readViewRanges({ Parameters }: GlueTable): readonly DayRange[] | undefined {
  const text = Parameters?.[RANGES_PARAMETER];
  return text === undefined ? undefined : (JSON.parse(text) as DayRange[]);
}

/** A view's definition is its JSON; "" for a view that has none. */
export function readViewDefinition({ ViewOriginalText = "" }: GlueTable): string {
  return decodeViewText(ViewOriginalText) ?? "";
}

export interface ViewInputOptions {
  /** The tool's. */
  readonly version: string;
  readonly existing?: GlueTable | undefined;
  /** By default those that are there: the partitions of the table that it was are there still. */
  readonly keys?: TableInput["PartitionKeys"] | undefined;
}

/** A view as it is put into Glue: Athena sees it at once, no query is needed. */
export function makeViewInput(
  { name, definition, ranges }: View,
  { version, existing, keys = existing?.PartitionKeys ?? [] }: ViewInputOptions,
): TableInput {
  const types = new Map(ALL_VIEW_COLUMNS.map((column) => [column.name, printHiveType(column.type)]));
  // Readers of the catalog refuse a name that is a column and a partition key; Athena takes the columns from the JSON.
  const names = readColumnNames(definition).filter((column) => !keys.some(({ Name }) => Name === column));
  return {
    Name: name,
    TableType: "VIRTUAL_VIEW",
    // Athena and Trino take a view for one by exactly these two, and Trino by the absence of a description.
    Parameters: {
      presto_view: "true",
      comment: "Presto View",
      [VERSION_PARAMETER]: version,
      ...(ranges === undefined ? {} : { [RANGES_PARAMETER]: JSON.stringify(ranges) }),
    },
    ViewOriginalText: encodeViewText(definition),
    ViewExpandedText: "/* Presto View */",
    StorageDescriptor: {
      Columns: names.map((column) => ({ Name: column, Type: types.get(column) ?? "string" })),
      SerdeInfo: {},
    },
    PartitionKeys: keys,
    // Trino runs a view as its owner, and refuses one without; this is the owner of Athena's own.
    Owner: existing?.Owner ?? "hadoop",
  };
}
