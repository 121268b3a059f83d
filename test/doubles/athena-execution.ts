import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { StartQueryExecutionCommandInput } from "@aws-sdk/client-athena";
import { printCsv } from "./athena-csv.ts";
import { QueryFailure } from "./athena-failure.ts";
import type { QueryAnswer, QueryOptions } from "./athena-query.ts";
import { runStatement } from "./athena-query.ts";
import type { Statement } from "./athena-statement.ts";
import { nameStatementType, parseStatement } from "./athena-statement.ts";
import { ENGINE } from "./athena-workgroups.ts";
import { toSeconds } from "./aws-json.ts";
import type { AwsPlace } from "./aws-place.ts";
import type { S3Double } from "./s3-double.ts";

export type ExecutionState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface ExecutionOptions extends Pick<QueryOptions, "catalog" | "cache"> {
  readonly place: AwsPlace;
  readonly s3: S3Double;
  readonly workGroup: string;
  /** A folder with its final slash. */
  readonly output: string;
  readonly bytesScannedCutoff: number | undefined;
  readonly delayMs: number;
}

/** A query on its way. */
export class Execution {
  readonly id = randomUUID();
  readonly input: StartQueryExecutionCommandInput;
  readonly statement: Statement;
  readonly #options: ExecutionOptions;
  readonly #submitted: number;
  #completed: number | undefined;
  #state: ExecutionState = "QUEUED";
  #failure: QueryFailure | undefined;
  #bytesScanned = 0;
  readonly #stop = new AbortController();
  answer: QueryAnswer | undefined;

  constructor(input: StartQueryExecutionCommandInput, options: ExecutionOptions) {
    this.input = input;
    this.statement = parseStatement(input.QueryString ?? "");
    this.#options = options;
    this.#submitted = options.place.now();
  }

  get state(): ExecutionState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state !== "QUEUED" && this.#state !== "RUNNING";
  }

  /** Where the result goes. */
  get outputLocation(): string {
    return `${this.#options.output}${this.id}.${this.statement.kind === "query" ? "csv" : "txt"}`;
  }

  /** Runs to its end; never throws. */
  async run(): Promise<void> {
    await sleep(1);
    if (this.isOver) return;
    this.#state = "RUNNING";
    try {
      await sleep(this.#options.delayMs, undefined, { signal: this.#stop.signal });
      const answer = await runStatement(this.statement, {
        ...this.#options,
        database: (this.input.QueryExecutionContext?.Database ?? "default").toLowerCase(),
        checkBytes: (bytes) => this.#checkBytes(bytes),
        signal: this.#stop.signal,
      });
      if (this.isOver) return;
      this.answer = answer;
      this.#writeResult(answer);
      this.#end("SUCCEEDED");
    } catch (error) {
      const failure =
        error instanceof QueryFailure ? error : new QueryFailure(String((error as Error).stack), 1);
      if (!this.isOver) this.#end("FAILED", failure);
    }
  }

  /** Does nothing to a query that is over. */
  cancel(): void {
    if (!this.isOver) this.#end("CANCELLED", new QueryFailure("Query cancelled by user"));
  }

  #checkBytes(bytes: number): void {
    this.#bytesScanned = bytes;
    const cutoff = this.#options.bytesScannedCutoff;
    if (cutoff === undefined || bytes <= cutoff) return;
    this.#end("CANCELLED", new QueryFailure("Bytes scanned limit was exceeded"));
    throw new QueryFailure("Bytes scanned limit was exceeded");
  }

  #end(state: ExecutionState, failure?: QueryFailure): void {
    this.#state = state;
    this.#failure = failure;
    this.#completed = this.#options.place.now();
    if (state === "CANCELLED") this.#stop.abort();
  }

  #writeResult({ columns, rows }: QueryAnswer): void {
    const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(this.outputLocation) ?? [];
    const text =
      this.statement.kind === "query"
        ? printCsv(
            columns.map(({ Name }) => Name),
            rows,
          )
        : rows.map((row) => `${row.join("\t")}\n`).join("");
    this.#options.s3.put(bucket, key, Buffer.from(text));
  }

  /** As GetQueryExecution answers. */
  describe(): object {
    const { input, statement } = this;
    const took = Math.max(1, Math.round((this.#completed ?? this.#options.place.now()) - this.#submitted));
    const failure = this.#failure;
    return {
      QueryExecutionId: this.id,
      Query: input.QueryString,
      StatementType: nameStatementType(statement),
      SubstatementType: statement.kind === "query" ? "SELECT" : statement.kind.toUpperCase(),
      ResultConfiguration: { OutputLocation: this.outputLocation },
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
      QueryExecutionContext: input.QueryExecutionContext ?? {},
      Status: {
        State: this.#state,
        SubmissionDateTime: toSeconds(this.#submitted),
        ...(this.#completed === undefined ? {} : { CompletionDateTime: toSeconds(this.#completed) }),
        ...(failure === undefined ? {} : { StateChangeReason: failure.message }),
        ...(failure === undefined || this.#state !== "FAILED" ? {} : { AthenaError: printError(failure) }),
      },
      Statistics: {
        EngineExecutionTimeInMillis: took,
        DataScannedInBytes: this.#bytesScanned,
        TotalExecutionTimeInMillis: took,
        QueryQueueTimeInMillis: 0,
        QueryPlanningTimeInMillis: 0,
        ServiceProcessingTimeInMillis: 0,
        ResultReuseInformation: { ReusedPreviousResult: false },
      },
      WorkGroup: this.#options.workGroup,
      EngineVersion: ENGINE,
    };
  }
}

function printError({ category, message }: QueryFailure): object {
  return { ErrorCategory: category, ErrorType: 1, Retryable: false, ErrorMessage: message };
}
