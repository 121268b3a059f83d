import type { GetPartitionsCommandInput, GlueClient, Partition, Segment, Table } from "@aws-sdk/client-glue";
import { GetPartitionsCommand, GetTableCommand } from "@aws-sdk/client-glue";
import { withSignal } from "../../../aws/clients.ts";
import { explainAwsError } from "../../../aws/explain-error.ts";
import { UserError } from "../../../core/user-error.ts";
import { mapAtOnce } from "./map-at-once.ts";

/** Glue's most. */
const PAGE_PARTITIONS = 1000;
const SEGMENTS = 5;

export interface TableName {
  readonly database: string;
  readonly name: string;
}

/** @throws UserError where there is no such table */
export async function readTable(
  client: GlueClient,
  { database, name }: TableName,
  signal: AbortSignal,
): Promise<Table> {
  try {
    const command = new GetTableCommand({ DatabaseName: database, Name: name });
    return (await client.send(command, withSignal(signal))).Table ?? { Name: name };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === "EntityNotFoundException") {
      throw new UserError(`Glue has no table ${database}.${name}`, {
        hint: "run the command run: it makes the tables, and the view over them, anew",
        cause: error,
      });
    }
    throw explainAwsError(error, { action: "glue:GetTable", resource: `table ${database}.${name}` });
  }
}

export interface PartitionQuestion {
  readonly table: TableName;
  /** Undefined for all partitions. */
  readonly expression: string | undefined;
  readonly signal: AbortSignal;
}

/** Without their columns. Those that do not fit a page are fetched in several segments at once. */
export async function readPartitions(client: GlueClient, question: PartitionQuestion): Promise<Partition[]> {
  const [first, next] = await readPage(client, question, {});
  if (next === undefined) return first;
  const segments = Array.from({ length: SEGMENTS }, (_, SegmentNumber) => ({
    SegmentNumber,
    TotalSegments: SEGMENTS,
  }));
  return (await mapAtOnce(segments, SEGMENTS, (segment) => readSegment(client, question, segment))).flat();
}

/** How many there are; undefined where they fill more pages than that. */
export async function countPartitions(
  client: GlueClient,
  question: PartitionQuestion,
  pagesAtMost: number,
): Promise<number | undefined> {
  let count = 0;
  let token: string | undefined;
  for (let pages = 0; pages < pagesAtMost; pages++) {
    const [partitions, next] = await readPage(client, question, { NextToken: token });
    count += partitions.length;
    if (next === undefined) return count;
    token = next;
  }
  return undefined;
}

async function readSegment(
  client: GlueClient,
  question: PartitionQuestion,
  segment: Segment,
): Promise<Partition[]> {
  const all: Partition[] = [];
  let token: string | undefined;
  do {
    const [partitions, next] = await readPage(client, question, { Segment: segment, NextToken: token });
    for (const partition of partitions) all.push(partition);
    token = next;
  } while (token !== undefined);
  return all;
}

async function readPage(
  client: GlueClient,
  { table, expression, signal }: PartitionQuestion,
  place: Pick<GetPartitionsCommandInput, "NextToken" | "Segment">,
): Promise<[Partition[], string | undefined]> {
  try {
    const command = new GetPartitionsCommand({
      DatabaseName: table.database,
      TableName: table.name,
      ExcludeColumnSchema: true,
      MaxResults: PAGE_PARTITIONS,
      ...(expression === undefined ? {} : { Expression: expression }),
      ...place,
    });
    const { Partitions = [], NextToken } = await client.send(command, withSignal(signal));
    return [Partitions, NextToken === "" ? undefined : NextToken];
  } catch (error) {
    signal.throwIfAborted();
    throw explainAwsError(error, {
      action: "glue:GetPartitions",
      resource: `table ${table.database}.${table.name}`,
    });
  }
}
