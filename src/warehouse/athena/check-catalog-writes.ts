import type { GlueClient } from "@aws-sdk/client-glue";
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchUpdatePartitionCommand,
  CreatePartitionIndexCommand,
  CreateTableCommand,
  GetPartitionIndexesCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { withSignal } from "../../aws/clients.ts";
import type { Check } from "../../core/check.ts";
import type { AccessTrial } from "./access-trial.ts";
import { attemptGlue, nameOfNoTable } from "./attempt-glue.ts";
import type { CatalogReads } from "./check-catalog-reads.ts";

export interface CatalogWritesOptions extends Pick<CatalogReads, "table" | "hasDatabase"> {
  readonly client: GlueClient;
}

/** Tries each way of writing the catalog, and changes nothing: up to seven requests. */
export async function checkCatalogWrites(
  trial: AccessTrial,
  { client, table, hasDatabase }: CatalogWritesOptions,
): Promise<readonly Check[]> {
  const resource = `table/${trial.options.database}/${nameOfNoTable(trial)}`;
  const checks = hasDatabase ? [] : [notTried("CreateDatabase")];
  checks.push(table === undefined ? notTried("CreateTable") : await tryCreateTable(trial, client, table));
  for (const { action, write } of listWrites(trial, client)) {
    checks.push(await attemptGlue(trial, { action, resource }, write));
  }
  return checks;
}

function notTried(action: string): Check {
  const found = "not tried, as there is no way that changes nothing: run will show";
  return { name: `glue:${action}`, ok: true, found };
}

/** By the name of a table that is there, which cannot be made again. */
function tryCreateTable(trial: AccessTrial, client: GlueClient, table: string): Promise<Check> {
  const { database } = trial.options;
  const input = { DatabaseName: database, TableInput: { Name: table } };
  return attemptGlue(trial, { action: "CreateTable", resource: `table/${database}/${table}` }, async () => {
    await client.send(new CreateTableCommand(input), withSignal(trial.signal));
  });
}

interface Write {
  readonly action: string;
  write(): Promise<unknown>;
}

/** Each is on no table, and such that it would change nothing if there were one. */
function listWrites(trial: AccessTrial, client: GlueClient): readonly Write[] {
  const { database: DatabaseName, partitions, partitionIndex, retentionDays, lake } = trial.options;
  const TableName = nameOfNoTable(trial);
  const update = { DatabaseName, TableInput: { Name: TableName }, VersionId: "999999999" };
  const send = withSignal(trial.signal);
  return [
    { action: "UpdateTable", write: () => client.send(new UpdateTableCommand(update), send) },
    // A lake's partitions are registered in any case, and those of damaged files are taken out.
    ...(partitions === "projected" && lake === undefined ? [] : listPartitionWrites(trial, client)),
    ...(retentionDays === undefined && lake === undefined ? [] : [listDeletion(trial, client)]),
    ...(partitionIndex === true ? listIndexCalls(trial, client) : []),
  ];
}

function listPartitionWrites(trial: AccessTrial, client: GlueClient): readonly Write[] {
  const names = { DatabaseName: trial.options.database, TableName: nameOfNoTable(trial) };
  const Values = ["doctor"];
  const Entries = [{ PartitionValueList: Values, PartitionInput: { Values } }];
  const send = withSignal(trial.signal);
  return [
    {
      action: "BatchCreatePartition",
      write: () => client.send(new BatchCreatePartitionCommand({ ...names, PartitionInputList: [] }), send),
    },
    {
      action: "BatchUpdatePartition",
      write: () => client.send(new BatchUpdatePartitionCommand({ ...names, Entries }), send),
    },
  ];
}

function listDeletion(trial: AccessTrial, client: GlueClient): Write {
  const names = { DatabaseName: trial.options.database, TableName: nameOfNoTable(trial) };
  const command = new BatchDeletePartitionCommand({ ...names, PartitionsToDelete: [] });
  return { action: "BatchDeletePartition", write: () => client.send(command, withSignal(trial.signal)) };
}

function listIndexCalls(trial: AccessTrial, client: GlueClient): readonly Write[] {
  const names = { DatabaseName: trial.options.database, TableName: nameOfNoTable(trial) };
  const PartitionIndex = { IndexName: "doctor", Keys: ["no_such_key"] };
  const send = withSignal(trial.signal);
  return [
    {
      action: "GetPartitionIndexes",
      write: () => client.send(new GetPartitionIndexesCommand(names), send),
    },
    {
      action: "CreatePartitionIndex",
      write: () => client.send(new CreatePartitionIndexCommand({ ...names, PartitionIndex }), send),
    },
  ];
}
