import type { TableInput } from "@aws-sdk/client-glue";

/** The JSON inside an Athena view. */
export interface ViewDefinition {
  readonly originalSql: string;
  readonly catalog?: string;
  readonly schema?: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

const FRAME = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/;

export function isView({ TableType, Parameters }: TableInput): boolean {
  return TableType === "VIRTUAL_VIEW" && Parameters?.["presto_view"] === "true";
}

/** Undefined where the text is not as Athena writes it. */
export function parseViewText(text: string | undefined): ViewDefinition | undefined {
  const encoded = FRAME.exec(text ?? "")?.[1];
  if (encoded === undefined) return undefined;
  return JSON.parse(Buffer.from(encoded, "base64").toString("utf8")) as ViewDefinition;
}

/** A view as somebody else made it in Athena's editor. */
export function printForeignView(database: string, name: string): TableInput {
  const definition = {
    originalSql: "SELECT\n  1 id\n, 'somebody else' made_by\n",
    catalog: "awsdatacatalog",
    schema: database.toLowerCase(),
    columns: [
      { name: "id", type: "integer" },
      { name: "made_by", type: "varchar(13)" },
    ],
  };
  const encoded = Buffer.from(JSON.stringify(definition)).toString("base64");
  return {
    Name: name,
    TableType: "VIRTUAL_VIEW",
    Parameters: { presto_view: "true", comment: "Presto View" },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: [
        { Name: "id", Type: "int" },
        { Name: "made_by", Type: "string" },
      ],
      Location: "",
    },
    ViewOriginalText: `/* Presto View: ${encoded} */`,
    ViewExpandedText: "/* Presto View */",
  };
}
