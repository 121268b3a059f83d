import type { GlueClient, Table as GlueTable, Partition as GluePartition } from "@aws-sdk/client-glue";
import { GetDatabaseCommand, GetPartitionsCommand, GetTablesCommand } from "@aws-sdk/client-glue";
import { withSignal } from "../../../aws/clients.ts";
import { explained, isAwsError } from "../../../aws/explain-error.ts";

/** Where in Glue. */
export interface GlueAddress {
  readonly client: GlueClient;
  readonly database: string;
  readonly signal: AbortSignal | undefined;
}

/** Whether the database is there. */
export async function readDatabase({ client, database, signal }: GlueAddress): Promise<boolean> {
  return explained({ action: "glue:GetDatabase", resource: `the database ${database}` }, async () => {
    try {
      await client.send(new GetDatabaseCommand({ Name: database }), withSignal(signal));
      return true;
    } catch (error) {
      if (isAwsError(error, "EntityNotFoundException")) return false;
      throw error;
    }
  });
}

/** All tables and views of the database: Glue's own filter is told of by no exact rule, so the caller filters. */
export async function* listTables({ client, database, signal }: GlueAddress): AsyncGenerator<GlueTable> {
  let token: string | undefined;
  do {
    const input = { DatabaseName: database, MaxResults: 100, NextToken: token };
    const page = await explained(
      { action: "glue:GetTables", resource: `the tables of the database ${database}` },
      () => client.send(new GetTablesCommand(input), withSignal(signal)),
    );
    yield* page.TableList ?? [];
    token = page.NextToken;
  } while (token !== undefined && token !== "");
}

/** A part of a table's partitions; Glue serves up to ten parts at once. */
export interface PartitionSegment {
  readonly table: string;
  readonly segment: number;
  readonly segments: number;
}

/** Partitions in pages of 1,000, without their columns, which would make a page megabytes. */
export async function* listPartitions(
  { client, database, signal }: GlueAddress,
  { table, segment, segments }: PartitionSegment,
): AsyncGenerator<readonly GluePartition[]> {
  let token: string | undefined;
  do {
    const input = {
      DatabaseName: database,
      TableName: table,
      ExcludeColumnSchema: true,
      MaxResults: 1000,
      NextToken: token,
      ...(segments > 1 ? { Segment: { SegmentNumber: segment, TotalSegments: segments } } : {}),
    };
    const page = await explained(
      { action: "glue:GetPartitions", resource: `the table ${database}.${table}` },
      async () => {
        try {
          return await client.send(new GetPartitionsCommand(input), withSignal(signal));
        } catch (error) {
          // Dropped since the tables were listed: whatever is planned for it will find that out.
          if (isAwsError(error, "EntityNotFoundException")) return undefined;
          throw error;
        }
      },
    );
    yield page?.Partitions ?? [];
    token = page?.NextToken;
  } while (token !== undefined && token !== "");
}
