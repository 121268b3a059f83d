import type { GlueClient } from "@aws-sdk/client-glue";
import {
  GetDatabaseCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
} from "@aws-sdk/client-glue";
import { withSignal } from "../../aws/clients.ts";
import type { Check } from "../../core/check.ts";
import type { AccessTrial } from "./access-trial.ts";
import { attemptGlue, isMissing, nameOfNoTable } from "./attempt-glue.ts";

/** What reading showed. */
export interface CatalogReads {
  readonly checks: readonly Check[];
  /** A table or view of the prefix, where there is one. */
  readonly table: string | undefined;
  /** False only where Glue said so. */
  readonly hasDatabase: boolean;
}

/** Tries each way of reading the catalog: four requests. */
export async function checkCatalogReads(trial: AccessTrial, client: GlueClient): Promise<CatalogReads> {
  const { check: database, hasDatabase } = await tryDatabase(trial, client);
  const { check: tables, table } = await tryTables(trial, client);
  const names = { DatabaseName: trial.options.database, TableName: table ?? nameOfNoTable(trial) };
  const resource = `table/${names.DatabaseName}/${names.TableName}`;
  const send = withSignal(trial.signal);
  const one = await attemptGlue(trial, { action: "GetTable", resource }, async () => {
    await client.send(new GetTableCommand({ ...names, Name: names.TableName }), send);
  });
  const partitions = await attemptGlue(trial, { action: "GetPartitions", resource }, async () => {
    await client.send(new GetPartitionsCommand({ ...names, MaxResults: 1, ExcludeColumnSchema: true }), send);
  });
  return { checks: [database, tables, one, partitions], table, hasDatabase };
}

async function tryDatabase(
  trial: AccessTrial,
  client: GlueClient,
): Promise<{ readonly check: Check; readonly hasDatabase: boolean }> {
  const { database: Name } = trial.options;
  let hasDatabase = true;
  const check = await attemptGlue(
    trial,
    { action: "GetDatabase", resource: `database/${Name}` },
    async () => {
      try {
        await client.send(new GetDatabaseCommand({ Name }), withSignal(trial.signal));
        return `the database ${Name} is there`;
      } catch (error) {
        if (!isMissing(error)) throw error;
        hasDatabase = false;
        return `there is no database ${Name} yet: run makes it`;
      }
    },
  );
  return { check, hasDatabase };
}

async function tryTables(
  trial: AccessTrial,
  client: GlueClient,
): Promise<{ readonly check: Check; readonly table: string | undefined }> {
  const { database, tablePrefix } = trial.options;
  const input = { DatabaseName: database, Expression: `${tablePrefix}(_.*)?`, MaxResults: 100 };
  let table: string | undefined;
  const check = await attemptGlue(
    trial,
    { action: "GetTables", resource: `table/${database}/*` },
    async () => {
      const { TableList = [], NextToken } = await client.send(
        new GetTablesCommand(input),
        withSignal(trial.signal),
      );
      table = TableList[0]?.Name;
      const count = NextToken === undefined ? `${TableList.length}` : `more than ${TableList.length}`;
      return `allowed, ${count} tables and views named ${tablePrefix} or ${tablePrefix}_*`;
    },
  );
  return { check, table };
}
