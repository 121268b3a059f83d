import type { Table as GlueTable, TableInput } from "@aws-sdk/client-glue";
import type { View } from "../../../core/catalog.ts";
import { printHiveType } from "../../../core/columns.ts";
import { decodeViewText, encodeViewText, readColumnNames } from "./presto-view.ts";
import { VERSION_PARAMETER } from "./table-definition.ts";
import { ALL_VIEW_COLUMNS } from "./view-sql.ts";

/** A view's definition is its JSON; "" for a view that has none. */
export function readViewDefinition({ ViewOriginalText = "" }: GlueTable): string {
  return decodeViewText(ViewOriginalText) ?? "";
}

/**
 * A view as it is put into Glue: Athena sees it at once, no query is needed.
 * @param options.existing partition keys of the table that it was are kept: its partitions are there still
 */
export function makeViewInput(
  { name, definition }: View,
  { version, existing }: { readonly version: string; readonly existing?: GlueTable | undefined },
): TableInput {
  const types = new Map(ALL_VIEW_COLUMNS.map((column) => [column.name, printHiveType(column.type)]));
  return {
    Name: name,
    TableType: "VIRTUAL_VIEW",
    // Athena and Trino take a view for one by exactly these two, and Trino by the absence of a description.
    Parameters: { presto_view: "true", comment: "Presto View", [VERSION_PARAMETER]: version },
    ViewOriginalText: encodeViewText(definition),
    ViewExpandedText: "/* Presto View */",
    StorageDescriptor: {
      Columns: readColumnNames(definition).map((column) => ({
        Name: column,
        Type: types.get(column) ?? "string",
      })),
      SerdeInfo: {},
    },
    PartitionKeys: existing?.PartitionKeys ?? [],
    // Trino runs a view as its owner, and refuses one without; this is the owner of Athena's own.
    Owner: existing?.Owner ?? "hadoop",
  };
}
