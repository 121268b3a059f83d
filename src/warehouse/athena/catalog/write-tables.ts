import type { Table as GlueTable, TableInput } from "@aws-sdk/client-glue";
import {
  CreateDatabaseCommand,
  CreatePartitionIndexCommand,
  CreateTableCommand,
  GetPartitionIndexesCommand,
  GetTableCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { withSignal } from "../../../aws/clients.ts";
import { explained, isAwsError } from "../../../aws/explain-error.ts";
import type { GlueAddress } from "./glue-reader.ts";
import { StaleCatalog } from "./stale-catalog.ts";

/** Makes the database; one that another run has made meanwhile is as good. */
export async function createDatabase({ client, database, signal }: GlueAddress): Promise<void> {
  const Description = "CloudTrail logs, kept by cloudtrail-partitioner";
  await explained({ action: "glue:CreateDatabase", resource: `the database ${database}` }, async () => {
    try {
      const input = { DatabaseInput: { Name: database, Description } };
      await client.send(new CreateDatabaseCommand(input), withSignal(signal));
    } catch (error) {
      if (!isAwsError(error, "AlreadyExistsException")) throw error;
    }
  });
}

export interface CreateTableOptions {
  /** Keys of an index that the table is made with. */
  readonly indexKeys?: readonly string[] | undefined;
}

/** @returns false where something of this name is there already */
export async function createTable(
  { client, database, signal }: GlueAddress,
  input: TableInput,
  { indexKeys }: CreateTableOptions = {},
): Promise<boolean> {
  const index = indexKeys === undefined ? {} : { PartitionIndexes: [makeIndex(indexKeys)] };
  const resource = `the table ${database}.${input.Name}`;
  return explained({ action: "glue:CreateTable", resource }, async () => {
    try {
      const command = { DatabaseName: database, TableInput: input, ...index };
      await client.send(new CreateTableCommand(command), withSignal(signal));
      return true;
    } catch (error) {
      if (isAwsError(error, "AlreadyExistsException")) return false;
      throw error;
    }
  });
}

/**
 * Replaces a table or view in place, so that there is no moment without it.
 * @param existing as it was read: Glue refuses the update where it has changed since
 * @throws StaleCatalog where it has, or is gone
 */
export async function updateTable(
  { client, database, signal }: GlueAddress,
  input: TableInput,
  existing: GlueTable | undefined,
): Promise<void> {
  const resource = `the table ${database}.${input.Name}`;
  await explained({ action: "glue:UpdateTable", resource }, async () => {
    try {
      const versionId = existing?.VersionId === undefined ? {} : { VersionId: existing.VersionId };
      // Versions are limited to 100,000 a table (Glue quotas), and a view that changes by the night needs none.
      const command = { DatabaseName: database, TableInput: input, SkipArchive: true, ...versionId };
      await client.send(new UpdateTableCommand(command), withSignal(signal));
    } catch (error) {
      const isStale =
        isAwsError(error, "ConcurrentModificationException") || isAwsError(error, "EntityNotFoundException");
      throw isStale ? new StaleCatalog(`${input.Name} has changed`, { cause: error }) : error;
    }
  });
}

export async function readTable(
  { client, database, signal }: GlueAddress,
  name: string,
): Promise<GlueTable | undefined> {
  const resource = `the table ${database}.${name}`;
  return explained({ action: "glue:GetTable", resource }, async () => {
    const input = { DatabaseName: database, Name: name };
    return (await client.send(new GetTableCommand(input), withSignal(signal))).Table;
  });
}

/**
 * Makes the index of a table that has none of this name; Glue fills it by itself.
 * @returns false where Glue makes none at present: another is being made, or there are three
 */
export async function ensureIndex(
  { client, database, signal }: GlueAddress,
  table: string,
  keys: readonly string[],
): Promise<boolean> {
  const resource = `the table ${database}.${table}`;
  const address = { DatabaseName: database, TableName: table };
  const index = makeIndex(keys);
  const known = await explained({ action: "glue:GetPartitionIndexes", resource }, () =>
    client.send(new GetPartitionIndexesCommand(address), withSignal(signal)),
  );
  const indexes = known.PartitionIndexDescriptorList ?? [];
  if (
    indexes.some(
      ({ IndexName, IndexStatus = "ACTIVE" }) => IndexName === index.IndexName && USABLE.test(IndexStatus),
    )
  )
    return true;
  return explained({ action: "glue:CreatePartitionIndex", resource }, async () => {
    try {
      await client.send(
        new CreatePartitionIndexCommand({ ...address, PartitionIndex: index }),
        withSignal(signal),
      );
      return true;
    } catch (error) {
      if (isAwsError(error, "ResourceNumberLimitExceededException")) return false;
      // Another run has made it meanwhile, or this one did and the answer was lost.
      if (isAwsError(error, "AlreadyExistsException")) return true;
      throw error;
    }
  });
}

/** Of an index that is there, or soon will be. */
const USABLE = /^(ACTIVE|CREATING)$/;

function makeIndex(keys: readonly string[]): { IndexName: string; Keys: string[] } {
  return { IndexName: "cloudtrail_partitioner", Keys: [...keys] };
}
