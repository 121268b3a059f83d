import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { AthenaError, WorkGroupConfiguration } from "@aws-sdk/client-athena";
import { expect, onTestFinished, test } from "vitest";
import { errorOf } from "../../../fixtures.contract.ts";
import { openAthenaQueries } from "./athena-queries.ts";
import { askAll } from "./queries.contract.ts";

interface Script {
  /** How one query after the other ends; undefined for well. */
  readonly ends: readonly (AthenaError | undefined)[];
  readonly workgroup?: WorkGroupConfiguration;
}

/** What the double of AWS does not do: an Athena whose queries fail by its own fault, or which keeps answers itself. */
async function serve({ ends, workgroup = {} }: Script) {
  const starts: Record<string, unknown>[] = [];
  const describe = (): object => {
    const error = ends[starts.length - 1];
    const Status =
      error === undefined
        ? { State: "SUCCEEDED" }
        : { State: "FAILED", StateChangeReason: error.ErrorMessage, AthenaError: error };
    return { QueryExecution: { QueryExecutionId: String(starts.length), StatementType: "DML", Status } };
  };
  const rows = ["one", "1"].map((VarCharValue) => ({ Data: [{ VarCharValue }] }));
  const columns = [{ Name: "one", Type: "integer" }];
  const answer = (operation: string, input: Record<string, unknown>): object => {
    if (operation === "GetWorkGroup") return { WorkGroup: { Name: "primary", Configuration: workgroup } };
    if (operation === "StartQueryExecution") return { QueryExecutionId: String(starts.push(input)) };
    if (operation === "GetQueryExecution") return describe();
    return { ResultSet: { Rows: rows, ResultSetMetadata: { ColumnInfo: columns } } };
  };
  const serveOne = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, operation = ""] = String(request.headers["x-amz-target"]).split(".");
    const input = JSON.parse(await text(request)) as Record<string, unknown>;
    response.end(JSON.stringify(answer(operation, input)));
  };
  const server = createServer((request, response) => void serveOne(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const aws = {
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    awsRegion: "us-east-1",
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" },
  };
  const queries = openAthenaQueries({ aws, database: "security", output: "s3://answers/" }, new Map());
  onTestFinished(() => queries.close());
  return { queries, starts };
}

const PASSING: AthenaError = {
  ErrorCategory: 1,
  ErrorType: 233,
  Retryable: true,
  ErrorMessage: "GENERIC_INTERNAL_ERROR: no capacity",
};

test("a query that fails by Athena's own fault is run again, each time as another query", async () => {
  const { queries, starts } = await serve({ ends: [PASSING, PASSING, undefined] });
  expect((await askAll(queries, "SELECT 1 AS one")).rows).toEqual([[1]]);
  expect(new Set(starts.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(3);
});

test("a query that fails by Athena's own fault three times has failed", async () => {
  const { queries, starts } = await serve({ ends: [PASSING, PASSING, PASSING] });
  expect(await errorOf(askAll(queries, "SELECT 1 AS one"))).toMatchObject({
    name: "UserError",
    message: "GENERIC_INTERNAL_ERROR: no capacity",
  });
  expect(starts).toHaveLength(3);
});

test.each([
  ["the user's fault", { ...PASSING, ErrorCategory: 2 }],
  ["nothing that passes", { ...PASSING, Retryable: false }],
])("a query that fails by %s is not run again", async (_, error) => {
  const { queries, starts } = await serve({ ends: [error] });
  await errorOf(askAll(queries, "SELECT 1 AS one"));
  expect(starts).toHaveLength(1);
});

test("a workgroup whose answers Athena keeps is told no place", async () => {
  const workgroup = { ManagedQueryResultsConfiguration: { Enabled: true } };
  const { queries, starts } = await serve({ ends: [], workgroup });
  expect((await askAll(queries, "SELECT 1 AS one")).rows).toEqual([[1]]);
  expect(starts[0]).not.toHaveProperty("ResultConfiguration");
});
