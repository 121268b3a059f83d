import type {
  GetQueryExecutionCommandInput,
  GetQueryResultsCommandInput,
  GetWorkGroupCommandInput,
  StartQueryExecutionCommandInput,
} from "@aws-sdk/client-athena";
import type { TextRow } from "./athena-csv.ts";
import { Execution } from "./athena-execution.ts";
import { FileCache } from "./athena-files.ts";
import type { QueryAnswer } from "./athena-query.ts";
import type { WorkGroups, WorkGroupSettings } from "./athena-workgroups.ts";
import { chooseOutput, findWorkGroup, printWorkGroup } from "./athena-workgroups.ts";
import type { JsonService } from "./aws-json.ts";
import { AwsError, checkRange, need } from "./aws-json.ts";
import type { AwsPlace } from "./aws-place.ts";
import type { GlueDouble } from "./glue-double.ts";
import type { S3Double } from "./s3-double.ts";

/** Athena, whose queries really run: on DuckDB, over the Glue and S3 doubles. */
export interface AthenaDouble extends JsonService {
  /** How long a query runs at least; for tests that cancel one. */
  delayMs: number;
  /** Makes or replaces one; "primary" is there from the start, without an output location. */
  setWorkGroup(name: string, settings: WorkGroupSettings): void;
  /** The texts of all queries so far, in order. */
  readonly queries: readonly string[];
  /** Waits for the queries that run, and removes the folder of files that they read. */
  close(): Promise<void>;
}

export interface AthenaSurroundings {
  readonly place: AwsPlace;
  readonly s3: S3Double;
  readonly glue: GlueDouble;
}

const LONGEST_QUERY = 262_144;
const LARGEST_PAGE = 1000;

export function makeAthenaDouble({ place, s3, glue }: AthenaSurroundings): AthenaDouble {
  const groups: WorkGroups = new Map([["primary", {}]]);
  const executions = new Map<string, Execution>();
  const byToken = new Map<string, Execution>();
  const running = new Set<Promise<void>>();
  const queries: string[] = [];
  const cache = new FileCache(s3);

  const start = (input: StartQueryExecutionCommandInput): object => {
    const text = need(input.QueryString, "queryString");
    checkQuery(text);
    const workGroup = input.WorkGroup ?? "primary";
    const settings = findWorkGroup(groups, workGroup);
    if (settings.state === "DISABLED") {
      throw new AwsError("InvalidRequestException", `WorkGroup ${workGroup} is disabled.`);
    }
    const output = chooseOutput(settings, input.ResultConfiguration?.OutputLocation);
    const known = byToken.get(input.ClientRequestToken ?? "");
    if (known !== undefined) return { QueryExecutionId: checkToken(known, text).id };
    const { bytesScannedCutoff } = settings;
    const { catalog } = glue;
    const { delayMs } = double;
    const execution = new Execution(input, {
      place,
      s3,
      catalog,
      cache,
      workGroup,
      output,
      bytesScannedCutoff,
      delayMs,
    });
    executions.set(execution.id, execution);
    if (input.ClientRequestToken !== undefined) byToken.set(input.ClientRequestToken, execution);
    queries.push(text);
    const run = execution.run().finally(() => running.delete(run));
    running.add(run);
    return { QueryExecutionId: execution.id };
  };

  const find = (id: string | undefined): Execution => {
    const found = executions.get(id ?? "");
    if (found !== undefined) return found;
    throw new AwsError("InvalidRequestException", `QueryExecution ${id} was not found`);
  };

  const double: AthenaDouble = {
    name: "Athena",
    target: "AmazonAthena",
    delayMs: 0,
    queries,
    setWorkGroup: (name, settings) => void groups.set(name, settings),
    close: async () => {
      for (const execution of executions.values()) execution.cancel();
      await Promise.all(running);
      await cache.close();
    },
    operations: {
      StartQueryExecution: start,
      GetQueryExecution: ({ QueryExecutionId }: GetQueryExecutionCommandInput) => ({
        QueryExecution: find(QueryExecutionId).describe(),
      }),
      StopQueryExecution: ({ QueryExecutionId }: GetQueryExecutionCommandInput) => {
        find(QueryExecutionId).cancel();
        return {};
      },
      GetQueryResults: (input: GetQueryResultsCommandInput) =>
        readResults(find(input.QueryExecutionId), input),
      GetWorkGroup: ({ WorkGroup }: GetWorkGroupCommandInput) => ({
        WorkGroup: printWorkGroup(need(WorkGroup, "workGroup"), findWorkGroup(groups, WorkGroup ?? "")),
      }),
    },
  };
  return double;
}

function checkQuery(text: string): void {
  if (text.trim() === "") throw new AwsError("InvalidRequestException", "queryString is empty");
  if (Buffer.byteLength(text) <= LONGEST_QUERY) return;
  throw new AwsError(
    "InvalidRequestException",
    `Your query has exceeded the maximum query length of ${LONGEST_QUERY} bytes.`,
  );
}

function checkToken(execution: Execution, text: string): Execution {
  if (execution.input.QueryString === text) return execution;
  throw new AwsError("InvalidRequestException", "Idempotent parameters do not match");
}

function readResults(execution: Execution, { MaxResults, NextToken }: GetQueryResultsCommandInput): object {
  checkRange(MaxResults, "maxResults", [1, LARGEST_PAGE]);
  const { answer, state, statement } = execution;
  if (answer === undefined) {
    const why = execution.isOver
      ? `Query did not finish successfully. Final query state: ${state}`
      : `Query has not yet finished. Current state: ${state}`;
    throw new AwsError("InvalidRequestException", why);
  }
  const all = statement.kind === "show" ? answer.rows : [headerOf(answer), ...answer.rows];
  const from = NextToken === undefined ? 0 : readToken(NextToken, execution);
  const to = Math.min(all.length, from + (MaxResults ?? LARGEST_PAGE));
  return {
    UpdateCount: 0,
    ResultSet: {
      Rows: all.slice(from, to).map((row) => ({ Data: row.map(printDatum) })),
      ResultSetMetadata: { ColumnInfo: answer.columns },
    },
    ...(to < all.length ? { NextToken: Buffer.from(`${execution.id}:${to}`).toString("base64") } : {}),
  };
}

function headerOf({ columns }: QueryAnswer): TextRow {
  return columns.map(({ Name }) => Name);
}

function readToken(token: string, { id }: Execution): number {
  const [of, at] = Buffer.from(token, "base64").toString().split(":");
  if (of === id) return Number(at);
  throw new AwsError("InvalidRequestException", "The pagination token is not valid.");
}

function printDatum(value: string | undefined): object {
  return value === undefined ? {} : { VarCharValue: value };
}
