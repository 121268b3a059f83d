import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetPartitionsCommand,
  GetTablesCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import type { Table, TableInput } from "@aws-sdk/client-glue";
import type { GlueDouble } from "../doubles/glue-double.ts";
import { parseViewText } from "../doubles/glue-view-text.ts";

/** A Glue catalog on moto. */
export interface MotoGlue {
  readonly client: GlueClient;
  readonly database: string;
}

export function openMotoGlue(endpoint: string, database: string): MotoGlue {
  return { client: new GlueClient({ endpoint, region: "us-east-1" }), database };
}

/** All tables and views; none where there is no database. */
export async function readTables({ client, database }: MotoGlue): Promise<Table[]> {
  try {
    return (await client.send(new GetTablesCommand({ DatabaseName: database }))).TableList ?? [];
  } catch (error) {
    if (error instanceof Error && error.name === "EntityNotFoundException") return [];
    throw error;
  }
}

/** Makes what the tool did not make. */
export async function makeForeign(
  { client, database }: MotoGlue,
  kind: "table" | "view",
  name: string,
): Promise<void> {
  const input: TableInput = {
    Name: name,
    TableType: kind === "table" ? "EXTERNAL_TABLE" : "VIRTUAL_VIEW",
    StorageDescriptor: { Columns: [{ Name: "foreign_column", Type: "int" }], Location: "s3://elsewhere/" },
  };
  await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  await client.send(new CreateTableCommand({ DatabaseName: database, TableInput: input }));
}

/** Puts what moto holds into a double, whose Athena then runs SQL on it: moto's own runs none. */
export async function copyToDouble(moto: MotoGlue, double: GlueDouble): Promise<void> {
  double.catalog.databases.clear();
  for (const table of await readTables(moto)) {
    const { Name = "", TableType, Parameters, PartitionKeys, StorageDescriptor } = table;
    const { ViewOriginalText, ViewExpandedText } = table;
    const view = ViewOriginalText === undefined ? {} : { ViewOriginalText, ViewExpandedText };
    double.makeTable(moto.database, {
      Name,
      TableType,
      Parameters,
      PartitionKeys,
      StorageDescriptor,
      ...view,
    });
    if (TableType !== "EXTERNAL_TABLE") continue;
    const address = { DatabaseName: moto.database, TableName: Name };
    const { Partitions = [] } = await moto.client.send(new GetPartitionsCommand(address));
    const seeds = Partitions.map(
      ({ Values = [], StorageDescriptor: storage, Parameters: parameters = {} }) => ({
        values: Values,
        location: storage?.Location ?? "",
        columns: (storage?.Columns ?? []).map(({ Name: column = "", Type = "" }) => ({ Name: column, Type })),
        parameters,
      }),
    );
    double.seedPartitions(moto.database, Name, seeds);
  }
}

/** All that a database holds, as text without times, and without the names of the database and of the bucket of its logs. */
export async function printCatalog(glue: MotoGlue, bucket: string): Promise<string> {
  const { client, database } = glue;
  const tables = await readTables(glue);
  const whole = await Promise.all(
    tables.map(async (table) => {
      const address = { DatabaseName: database, TableName: table.Name };
      const { Partitions = [] } = await client.send(new GetPartitionsCommand(address));
      const partitions = Partitions.map((partition) => JSON.stringify(partition, printable)).toSorted();
      return JSON.stringify({ table, view: parseViewText(table.ViewOriginalText), partitions }, printable, 1);
    }),
  );
  return whole.toSorted().join("\n").replaceAll(database, "DATABASE").replaceAll(bucket, "BUCKET");
}

/** For JSON.stringify. The text of a view is encoded. */
function printable(key: string, value: unknown): unknown {
  return /^(CreateTime|CreationTime|UpdateTime|VersionId|ViewOriginalText)$/.test(key) ? undefined : value;
}
