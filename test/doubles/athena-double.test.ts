import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { StartQueryExecutionCommandInput } from "@aws-sdk/client-athena";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, onTestFinished, test } from "vitest";
import { errorOf, makeFolder } from "../../src/fixtures.contract.ts";
import type { AwsDouble } from "./aws-double.ts";
import { startAwsDouble } from "./aws-double.ts";

const OUTPUT = "s3://results/here";

interface Place {
  readonly aws: AwsDouble;
  readonly athena: AthenaClient;
}

async function start(): Promise<Place> {
  const aws = await startAwsDouble();
  onTestFinished(() => aws.close());
  aws.glue.makeDatabase("logs");
  return { aws, athena: new AthenaClient({ ...aws.clientConfig, maxAttempts: 1 }) };
}

async function begin(
  { athena }: Place,
  QueryString: string,
  input: Partial<StartQueryExecutionCommandInput> = {},
): Promise<string> {
  const { QueryExecutionId = "" } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: "logs" },
      ResultConfiguration: { OutputLocation: OUTPUT },
      ...input,
    }),
  );
  return QueryExecutionId;
}

async function finish({ athena }: Place, QueryExecutionId: string) {
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    if (!["QUEUED", "RUNNING"].includes(QueryExecution?.Status?.State ?? "")) return QueryExecution!;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function run(place: Place, sql: string, input?: Partial<StartQueryExecutionCommandInput>) {
  return finish(place, await begin(place, sql, input));
}

function commentOf(bytes: number): string {
  return `SELECT 1 ${"-".repeat(bytes - 9)}`;
}

/** Rows without the header, NULL as null. */
async function ask(place: Place, sql: string): Promise<(string | null)[][]> {
  const { QueryExecutionId, Status } = await run(place, sql);
  if (Status?.State !== "SUCCEEDED") throw new Error(Status?.StateChangeReason);
  const { ResultSet } = await place.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
    Data.map(({ VarCharValue }) => VarCharValue ?? null),
  );
  return rows.slice(1);
}

function addTable({ aws }: Place, name: string, parameters: Record<string, string> = {}): void {
  aws.glue.makeTable("logs", {
    Name: name,
    TableType: "EXTERNAL_TABLE",
    Parameters: parameters,
    PartitionKeys: ["region", "year"].map((Name) => ({ Name, Type: "string" })),
    StorageDescriptor: {
      Columns: COLUMNS,
      Location: `s3://bucket/${name}/`,
      InputFormat: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
    },
  });
}

const COLUMNS = [
  { Name: "eventid", Type: "string" },
  { Name: "useridentity", Type: "struct<type:string,principalid:string>" },
  { Name: "resources", Type: "array<struct<arn:string,accountid:string>>" },
  { Name: "requestparameters", Type: "string" },
];

/** A file with one record; gives its size. */
function addLog({ aws }: Place, key: string, eventID: string): number {
  const record = {
    eventID,
    userIdentity: { type: "Root", principalId: "1" },
    resources: [{ ARN: "arn:x", accountId: "111122223333" }],
    requestParameters: { a: "b" },
  };
  const bytes = gzipSync(JSON.stringify({ Records: [record] }));
  aws.s3.put("bucket", key, bytes);
  return bytes.length;
}

function addPartition({ aws }: Place, table: string, values: readonly string[], location: string): void {
  aws.glue.seedPartitions("logs", table, [{ values, location }]);
}

function addView({ aws }: Place, name: string, sql: string, columns: readonly [string, string][]): void {
  const definition = {
    originalSql: sql,
    catalog: "awsdatacatalog",
    schema: "logs",
    columns: columns.map(([column, type]) => ({ name: column, type })),
  };
  aws.glue.makeTable("logs", {
    Name: name,
    TableType: "VIRTUAL_VIEW",
    Parameters: { presto_view: "true", comment: "Presto View" },
    ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString("base64")} */`,
    ViewExpandedText: "/* Presto View */",
  });
}

async function makeParquet(select: string): Promise<Uint8Array> {
  const file = join(await makeFolder(), "x.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return readFile(file);
}

describe("a query", () => {
  test("goes to its end, and leaves its answer as CSV in Athena's dialect", async () => {
    const place = await start();
    const id = await begin(place, `SELECT 'a "b", c' AS x, NULL AS y, 7 AS z`);
    expect(await finish(place, id)).toMatchObject({
      QueryExecutionId: id,
      StatementType: "DML",
      WorkGroup: "primary",
      QueryExecutionContext: { Database: "logs" },
      ResultConfiguration: { OutputLocation: `${OUTPUT}/${id}.csv` },
      Status: { State: "SUCCEEDED", SubmissionDateTime: expect.any(Date) as Date },
      Statistics: { DataScannedInBytes: 0 },
    });
    const csv = Buffer.from(place.aws.s3.read("results", `here/${id}.csv`)!).toString();
    expect(csv).toBe('"x","y","z"\n"a ""b"", c",,"7"\n');
    const results = await place.athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    expect(results.ResultSet?.Rows).toEqual([
      { Data: ["x", "y", "z"].map((VarCharValue) => ({ VarCharValue })) },
      { Data: [{ VarCharValue: 'a "b", c' }, {}, { VarCharValue: "7" }] },
    ]);
    expect(place.aws.athena.queries).toHaveLength(1);
  });

  test("answers each type as Athena does", async () => {
    const place = await start();
    const sql = `SELECT CAST(1 AS bigint) AS a, 1.5e0 AS b, 1e10 AS c, true AS d, DATE '2026-11-22' AS e,
      TIMESTAMP '2026-11-22 01:02:03' AS f, ARRAY['x', NULL] AS g, MAP(ARRAY['k', 'l'], ARRAY['v', 'w']) AS h,
      CAST(NULL AS array(row(a varchar, b map(varchar, varchar)))) AS i, CAST(1.50 AS decimal(4, 2)) AS j, count(*) AS k`;
    const { QueryExecutionId } = await run(place, sql);
    const { ResultSet } = await place.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Type }) => Type)).toEqual(
      "bigint double double boolean date timestamp array map array decimal bigint".split(" "),
    );
    expect(ResultSet?.Rows?.[1]?.Data?.map(({ VarCharValue }) => VarCharValue)).toEqual([
      "1",
      "1.5",
      "1.0E10",
      "true",
      "2026-11-22",
      "2026-11-22 01:02:03.000",
      "[x, null]",
      "{k=v, l=w}",
      undefined,
      "1.50",
      "1",
    ]);
  });

  test("names what has no name after its position", async () => {
    const place = await start();
    const { QueryExecutionId } = await run(
      place,
      "SELECT 1, n, count(*), n + 1 AS m, * FROM (SELECT 2 AS n, 3 AS o) GROUP BY ALL UNION ALL SELECT 1, 1, 1, 1, 1, 1",
    );
    const { ResultSet } = await place.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name }) => Name)).toEqual(
      "_col0 n _col2 m n o".split(" "),
    );
  });

  test("is paged, the header on the first page only", async () => {
    const place = await start();
    const { QueryExecutionId } = await run(place, "SELECT range AS n FROM range(2500)");
    const pages: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await place.athena.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken }));
      pages.push(page.ResultSet?.Rows?.length ?? 0);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages).toEqual([1000, 1000, 501]);
    const tooMany = new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 1001 });
    expect(await errorOf(place.athena.send(tooMany))).toMatchObject({ name: "ValidationException" });
  });

  test.each([
    ["SELECT FROM WHERE", /^line 1:13: /],
    ["SELECT x FROM (SELECT 1 AS a)", /^COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved/],
    ["SELECT 1\nFROM none", /^TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.logs.none' does not exist/],
    ["SELECT 1 FROM none.t", /^SCHEMA_NOT_FOUND: line 1:15: Schema 'none' does not exist/],
    ["DROP TABLE t", /^NOT_SUPPORTED/],
  ])("that is wrong fails with Trino's reason: %s", async (sql, reason) => {
    const place = await start();
    const { QueryExecutionId, Status } = await run(place, sql);
    expect(Status).toMatchObject({
      State: "FAILED",
      StateChangeReason: expect.stringMatching(reason) as string,
      AthenaError: { ErrorCategory: 2 },
    });
    expect(await errorOf(place.athena.send(new GetQueryResultsCommand({ QueryExecutionId })))).toMatchObject({
      name: "InvalidRequestException",
      message: "Query did not finish successfully. Final query state: FAILED",
    });
  });

  test("can be stopped", async () => {
    const place = await start();
    place.aws.athena.delayMs = 60_000;
    const QueryExecutionId = await begin(place, "SELECT 1");
    const early = await errorOf(place.athena.send(new GetQueryResultsCommand({ QueryExecutionId })));
    expect(early).toMatchObject({ message: expect.stringMatching(/^Query has not yet finished/) as string });
    await place.athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    expect((await finish(place, QueryExecutionId)).Status?.State).toBe("CANCELLED");
    await place.athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  });

  test("is one query for one token", async () => {
    const place = await start();
    const ClientRequestToken = "x".repeat(32);
    const first = await begin(place, "SELECT 1", { ClientRequestToken });
    expect(await begin(place, "SELECT 1", { ClientRequestToken })).toBe(first);
    expect(await errorOf(begin(place, "SELECT 2", { ClientRequestToken }))).toMatchObject({
      name: "InvalidRequestException",
      message: "Idempotent parameters do not match",
    });
  });

  test("has 262,144 bytes at most", async () => {
    const place = await start();
    await begin(place, commentOf(262_144));
    expect(await errorOf(begin(place, commentOf(262_145)))).toMatchObject({
      name: "InvalidRequestException",
    });
  });
});

describe("a workgroup", () => {
  test("decides where results go", async () => {
    const place = await start();
    const none = { ResultConfiguration: {} };
    expect(await errorOf(begin(place, "SELECT 1", none))).toMatchObject({
      name: "InvalidRequestException",
      message: expect.stringMatching(/^No output location provided\./) as string,
    });
    place.aws.athena.setWorkGroup("team", { outputLocation: "s3://team/x/", enforce: true });
    const { WorkGroup } = await place.athena.send(new GetWorkGroupCommand({ WorkGroup: "team" }));
    expect(WorkGroup).toMatchObject({
      Name: "team",
      State: "ENABLED",
      Configuration: {
        EnforceWorkGroupConfiguration: true,
        ResultConfiguration: { OutputLocation: "s3://team/x/" },
      },
    });
    const { ResultConfiguration } = await run(place, "SELECT 1", { WorkGroup: "team" });
    expect(ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/team\/x\/[-\w]+\.csv$/);
    expect(await errorOf(begin(place, "SELECT 1", { WorkGroup: "other" }))).toMatchObject({
      message: "WorkGroup other is not found.",
    });
    place.aws.athena.setWorkGroup("off", { state: "DISABLED" });
    expect(await errorOf(begin(place, "SELECT 1", { WorkGroup: "off" }))).toMatchObject({
      message: "WorkGroup off is disabled.",
    });
  });

  test("cancels a query that would scan too much", async () => {
    const place = await start();
    addTable(place, "t");
    addPartition(place, "t", ["us-east-1", "2026"], "s3://bucket/a/");
    const size = addLog(place, "a/x.json.gz", "one");
    const outputLocation = OUTPUT;
    place.aws.athena.setWorkGroup("small", { outputLocation, bytesScannedCutoff: size - 1 });
    place.aws.athena.setWorkGroup("large", { outputLocation, bytesScannedCutoff: size });
    expect(await run(place, "SELECT * FROM t", { WorkGroup: "small" })).toMatchObject({
      Status: { State: "CANCELLED", StateChangeReason: "Bytes scanned limit was exceeded" },
      Statistics: { DataScannedInBytes: size },
    });
    expect((await run(place, "SELECT * FROM t", { WorkGroup: "large" })).Status?.State).toBe("SUCCEEDED");
  });
});

describe("a table", () => {
  test("has the rows of its registered partitions, and their values, whatever the path says", async () => {
    const place = await start();
    addTable(place, "t");
    addLog(place, "a/us-east-1/2026/x.json.gz", "registered");
    addLog(place, "a/us-east-1/2026/deep/y.json.gz", "below");
    for (const hidden of [".x", "_x", "_temporary/x"])
      addLog(place, `a/us-east-1/2026/${hidden}.json.gz`, hidden);
    addLog(place, "a/us-east-1/20261/x.json.gz", "beside");
    addLog(place, "a/us-east-1/2025/x.json.gz", "unregistered");
    addPartition(place, "t", ["eu-west-1", "1999"], "s3://bucket/a/us-east-1/2026");
    addPartition(place, "t", ["eu-west-1", "2000"], "s3://bucket/a//us-east-1/2026/");
    expect(await ask(place, "SELECT eventid, region, year FROM T ORDER BY eventid")).toEqual([
      ["below", "eu-west-1", "1999"],
      ["registered", "eu-west-1", "1999"],
    ]);
    expect(await ask(place, `SELECT * FROM "awsdatacatalog"."logs"."t" WHERE eventid = 'below'`)).toEqual([
      [
        "below",
        "{type=Root, principalid=1}",
        "[{arn=arn:x, accountid=111122223333}]",
        '{"a":"b"}',
        "eu-west-1",
        "1999",
      ],
    ]);
    expect(
      await ask(
        place,
        "SELECT useridentity.principalid, r.arn FROM t CROSS JOIN UNNEST(resources) AS u(r) LIMIT 1",
      ),
    ).toEqual([["1", "arn:x"]]);
  });

  test("is read by each partition's own columns, by position", async () => {
    const place = await start();
    addTable(place, "t");
    addLog(place, "a/x.json.gz", "one");
    const seed = (year: string, columns: { Name: string; Type: string }[]): void =>
      place.aws.glue.seedPartitions("logs", "t", [
        { values: ["r", year], location: "s3://bucket/a/", columns },
      ]);
    seed("1", COLUMNS.slice(0, 1));
    seed("2", [{ Name: "requestparameters", Type: "string" }]);
    expect(await ask(place, "SELECT eventid, useridentity, year FROM t ORDER BY year")).toEqual([
      ["one", null, "1"],
      ['{"a":"b"}', null, "2"],
    ]);
    seed("3", [{ Name: "eventid", Type: "int" }]);
    seed("4", [...COLUMNS, { Name: "more", Type: "string" }]);
    for (const year of ["3", "4"]) {
      const { Status } = await run(place, `SELECT eventid FROM t WHERE year = '${year}'`);
      expect(Status?.StateChangeReason).toMatch(
        /^HIVE_PARTITION_SCHEMA_MISMATCH: .*partition 'region=r\/year=\d'/,
      );
    }
    expect(await ask(place, "SELECT count(*) FROM t WHERE year < '3'")).toEqual([["2"]]);
  });

  test("with projection has the partitions that its properties give, and no others", async () => {
    const place = await start();
    addTable(place, "p", {
      "projection.enabled": "true",
      "projection.region.type": "enum",
      "projection.region.values": "us-east-1,eu-west-1",
      "projection.year.type": "integer",
      "projection.year.range": "2025,2026",
      "projection.year.digits": "4",
      "storage.location.template": "s3://bucket/a/${region}/${year}/",
    });
    addPartition(place, "p", ["registered", "2026"], "s3://bucket/a/us-east-1/2026/");
    for (const folder of ["us-east-1/2026", "eu-west-1/2025", "eu-west-1/2027", "ap-south-1/2026"]) {
      addLog(place, `a/${folder}/x.json.gz`, folder);
    }
    expect(await ask(place, "SELECT eventid, region, year FROM p ORDER BY 1")).toEqual([
      ["eu-west-1/2025", "eu-west-1", "2025"],
      ["us-east-1/2026", "us-east-1", "2026"],
    ]);
  });

  test("with an injected column needs its value", async () => {
    const place = await start();
    addTable(place, "p", {
      "projection.enabled": "true",
      "projection.region.type": "injected",
      "projection.year.type": "enum",
      "projection.year.values": "2026",
      "storage.location.template": "s3://bucket/a/${region}/${year}/",
    });
    addLog(place, "a/us-east-1/2026/x.json.gz", "one");
    expect(await ask(place, "SELECT eventid, region FROM p WHERE region IN ('us-east-1', 'x')")).toEqual([
      ["one", "us-east-1"],
    ]);
    const { Status } = await run(place, "SELECT eventid FROM p WHERE region > 'a'");
    expect(Status?.StateChangeReason).toMatch(/^CONSTRAINT_VIOLATION: .* column region/);
  });

  test("may hold Parquet files, whose columns are matched by name", async () => {
    const place = await start();
    place.aws.s3.put("bucket", "lake/x.parquet", await makeParquet("SELECT 7::BIGINT AS n, 'x' AS more"));
    const columns = ["n bigint", "absent string"].map((column) => column.split(" "));
    place.aws.glue.makeTable("logs", {
      Name: "lake",
      StorageDescriptor: {
        Columns: columns.map(([Name = "", Type = ""]) => ({ Name, Type })),
        Location: "s3://bucket/lake/",
        InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      },
    });
    expect(await ask(place, "SELECT * FROM lake")).toEqual([["7", null]]);
  });

  test("may be partitioned over Parquet files, and is matched by name there too", async () => {
    const place = await start();
    const file = await makeParquet("SELECT 'x' AS b, {'c': 'y'} AS s, 'more' AS a");
    const parquet = {
      InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      Location: "s3://bucket/lake/",
    };
    const columns = ["a string", "b string", "s struct<c:string,d:string>"].map((column) => {
      const [Name = "", Type = ""] = column.split(" ");
      return { Name, Type };
    });
    place.aws.glue.makeTable("logs", {
      Name: "lake",
      PartitionKeys: [{ Name: "day", Type: "string" }],
      StorageDescriptor: { ...parquet, Columns: columns },
    });
    place.aws.s3.put("bucket", "lake/1/one.parquet", file);
    place.aws.s3.put("bucket", "lake/1/two.parquet", Buffer.from(file));
    place.aws.s3.put("bucket", "lake/2/one.parquet", Buffer.from(file));
    const partitions = ["1", "2"].map((day) => ({ values: [day], location: `s3://bucket/lake/${day}/` }));
    const older = columns.slice(0, 2).toReversed();
    place.aws.glue.seedPartitions("logs", "lake", [partitions[0]!, { ...partitions[1]!, columns: older }]);
    expect(await ask(place, "SELECT * FROM lake ORDER BY day")).toEqual([
      ["more", "x", "{c=y, d=null}", "1"],
      ["more", "x", "{c=y, d=null}", "1"],
      ["more", "x", null, "2"],
    ]);
  });

  test("may hold a JSON object a line, of the declared types", async () => {
    const place = await start();
    const lines = [{ b: 5_000_000_000, a: null, more: 1 }, { a: "x" }].map(
      (row) => `${JSON.stringify(row)}\n`,
    );
    place.aws.s3.put("bucket", "lines/x.json.gz", gzipSync(lines.join("")));
    place.aws.glue.makeTable("logs", {
      Name: "lines",
      StorageDescriptor: {
        Columns: [
          { Name: "a", Type: "string" },
          { Name: "b", Type: "bigint" },
        ],
        Location: "s3://bucket/lines/",
        InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
        SerdeInfo: { SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
      },
    });
    expect(await ask(place, "SELECT a, b + 1 FROM lines ORDER BY a")).toEqual([
      ["x", null],
      [null, "5000000001"],
    ]);
  });

  test("of another format, or with a type that is none, fails the query", async () => {
    const place = await start();
    const make = (name: string, Type: string): void =>
      place.aws.glue.makeTable("logs", {
        Name: name,
        StorageDescriptor: {
          Columns: [{ Name: "a", Type }],
          Location: "s3://bucket/text/",
          InputFormat: "Text",
        },
      });
    make("text", "string");
    make("odd", "struct<a string>");
    addLog(place, "text/x.json.gz", "one");
    const reasonOf = async (sql: string): Promise<string | undefined> =>
      (await run(place, sql)).Status?.StateChangeReason;
    expect(await reasonOf("SELECT * FROM text")).toMatch(/^HIVE_UNSUPPORTED_FORMAT/);
    expect(await reasonOf("SELECT * FROM odd")).toMatch(/^HIVE_INVALID_METADATA/);
  });

  test("counts the bytes of the partitions that the conditions leave", async () => {
    const place = await start();
    addTable(place, "t");
    const sizes = ["2025", "2026"].map((year) => {
      addPartition(place, "t", ["us-east-1", year], `s3://bucket/a/${year}/`);
      return addLog(place, `a/${year}/x.json.gz`, "x".repeat(Number(year) - 2024));
    });
    const scanned = async (sql: string): Promise<number | undefined> =>
      (await run(place, sql)).Statistics?.DataScannedInBytes;
    expect(await scanned("SELECT count(*) FROM t")).toBe(sizes[0]! + sizes[1]!);
    expect(await scanned("SELECT count(*) FROM t WHERE year = '2026'")).toBe(sizes[1]);
    expect(await scanned("SELECT count(*) FROM t WHERE year = '2024'")).toBe(0);
  });

  test("with a broken file fails the query", async () => {
    const place = await start();
    addTable(place, "t");
    addPartition(place, "t", ["us-east-1", "2026"], "s3://bucket/a/");
    place.aws.s3.put("bucket", "a/x.json.gz", gzipSync("{"));
    expect((await run(place, "SELECT * FROM t")).Status?.StateChangeReason).toMatch(/^HIVE_BAD_DATA/);
  });
});

const UNION = `SELECT "eventid", "region", "year", '111111111111' AS "account" FROM "logs"."t1"
  UNION ALL SELECT "eventid", "region", "year", '222222222222' AS "account" FROM "logs"."t2"`;
const UNION_COLUMNS: [string, string][] = ["eventid", "region", "year", "account"].map((name) => [
  name,
  "varchar",
]);

function addUnion(place: Place): void {
  for (const n of [1, 2]) {
    addTable(place, `t${n}`);
    addPartition(place, `t${n}`, ["us-east-1", "2026"], `s3://bucket/t${n}/`);
    addLog(place, `t${n}/x.json.gz`, `in ${n}`);
  }
  addView(place, "everything", UNION, UNION_COLUMNS);
}

describe("a view", () => {
  test("runs its own SQL", async () => {
    const place = await start();
    addUnion(place);
    expect(await ask(place, "SELECT * FROM everything ORDER BY account")).toEqual([
      ["in 1", "us-east-1", "2026", "111111111111"],
      ["in 2", "us-east-1", "2026", "222222222222"],
    ]);
    place.aws.glue.makeForeignView("logs", "theirs");
    expect(await ask(place, "SELECT * FROM theirs")).toEqual([["1", "somebody else"]]);
  });

  test.each([
    ["a column fewer", UNION_COLUMNS.slice(1)],
    ["another name", [["id", "varchar"], ...UNION_COLUMNS.slice(1)]],
    ["another type", [["eventid", "row(a varchar)"], ...UNION_COLUMNS.slice(1)]],
  ] as [string, [string, string][]][])("that declares %s fails", async (_, columns) => {
    const place = await start();
    addUnion(place);
    addView(place, "wrong", UNION, columns);
    expect((await run(place, "SELECT count(*) FROM wrong")).Status?.StateChangeReason).toMatch(
      /^INVALID_VIEW: .*View 'awsdatacatalog.logs.wrong' is stale or in invalid state/,
    );
  });

  test("with struct and array columns may declare them in Trino's spelling", async () => {
    const place = await start();
    addUnion(place);
    addView(place, "typed", `SELECT "useridentity", "resources" FROM "logs"."t1"`, [
      ["useridentity", "row(type varchar, principalid varchar)"],
      ["resources", "array(row(arn varchar, accountid varchar))"],
    ]);
    expect(await ask(place, "SELECT useridentity.type FROM typed")).toEqual([["Root"]]);
  });
});

/** Tables and columns of the IO plan with their ranges, briefly. */
async function explain(place: Place, sql: string): Promise<string[]> {
  const lines = await ask(place, `EXPLAIN (TYPE IO, FORMAT JSON) ${sql}`);
  const plan = JSON.parse(lines.map(([line]) => line).join("\n")) as {
    inputTableColumnInfos: {
      table: { catalog: string; schemaTable: { schema: string; table: string } };
      constraint: { columnConstraints: { columnName: string; domain: { ranges: PlanRange[] } }[] };
    }[];
  };
  return plan.inputTableColumnInfos.map(({ table, constraint }) => {
    const columns = constraint.columnConstraints.map(
      ({ columnName, domain }) => `${columnName} ${domain.ranges.map(describeRange).join(" ")}`,
    );
    return [`${table.schemaTable.table}:`, ...columns.toSorted()].join(" ");
  });
}

interface PlanRange {
  readonly low: { readonly value?: string; readonly bound: string };
  readonly high: { readonly value?: string; readonly bound: string };
}

function describeRange({ low, high }: PlanRange): string {
  const opening = low.bound === "EXACTLY" ? "[" : "(";
  return `${opening}${low.value ?? ""},${high.value ?? ""}${high.bound === "EXACTLY" ? "]" : ")"}`;
}

describe("EXPLAIN (TYPE IO, FORMAT JSON)", () => {
  test("answers Trino's JSON, a line a row", async () => {
    const place = await start();
    addUnion(place);
    const sql = "EXPLAIN (TYPE IO, FORMAT JSON) SELECT * FROM t1 WHERE region = 'us-east-1'";
    const { QueryExecutionId, StatementType } = await run(place, sql);
    expect(StatementType).toBe("UTILITY");
    const { ResultSet } = await place.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    const [header, ...rows] = (ResultSet?.Rows ?? []).map(({ Data }) => Data?.[0]?.VarCharValue ?? "");
    expect(header).toBe("Query Plan");
    expect(JSON.parse(rows.join("\n"))).toMatchObject({
      inputTableColumnInfos: [
        {
          table: { catalog: "awsdatacatalog", schemaTable: { schema: "logs", table: "t1" } },
          constraint: {
            none: false,
            columnConstraints: [
              {
                columnName: "region",
                type: "varchar",
                domain: {
                  nullsAllowed: false,
                  ranges: [
                    {
                      low: { value: "us-east-1", bound: "EXACTLY" },
                      high: { value: "us-east-1", bound: "EXACTLY" },
                    },
                  ],
                },
              },
            ],
          },
        },
      ],
    });
  });

  test.each([
    ["SELECT * FROM t1", ["t1:"]],
    ["SELECT * FROM t1 WHERE eventid = 'x' AND year > '2025'", ["t1: year (2025,)"]],
    ["SELECT * FROM t1 WHERE year BETWEEN '2025' AND '2026' AND '2027' > year", ["t1: year [2025,2026]"]],
    ["SELECT * FROM t1 WHERE region IN ('b', 'a') AND region <> 'b'", ["t1: region [a,a]"]],
    ["SELECT * FROM t1 WHERE year NOT IN ('1', '3')", ["t1: year (,1) (1,3) (3,)"]],
    [
      "SELECT * FROM t1 WHERE year < '1' OR year = '1' OR (year >= '5' AND region = 'x')",
      ["t1: year (,1] [5,)"],
    ],
    ["SELECT * FROM t1 WHERE region = 'us-east-1' OR year = '1'", ["t1:"]],
    ["SELECT * FROM t1 WHERE region = 'a' AND region = 'b'", []],
    ["SELECT * FROM everything WHERE account = '222222222222' AND region = 'a'", ["t2: region [a,a]"]],
    ["SELECT count(*) FROM everything e WHERE e.year = '1'", ["t1: year [1,1]", "t2: year [1,1]"]],
    [
      "WITH x AS (SELECT year AS y, count(*) AS n FROM t1 GROUP BY year) SELECT * FROM x WHERE y = '1'",
      ["t1: year [1,1]"],
    ],
    ["SELECT * FROM (SELECT * FROM t1 LIMIT 5) WHERE year = '1'", ["t1:"]],
    [
      "SELECT * FROM t1 a JOIN t2 b ON a.eventid = b.eventid WHERE a.year = '1' AND b.year = '2'",
      ["t1: year [1,1]", "t2: year [2,2]"],
    ],
    ["SELECT * FROM t1 a LEFT JOIN t2 b ON a.eventid = b.eventid WHERE b.year = '2'", ["t1:", "t2:"]],
    ["SELECT r.arn FROM t1 CROSS JOIN UNNEST(resources) AS u(r) WHERE year = '1'", ["t1: year [1,1]"]],
    [
      "SELECT * FROM t1 WHERE year = '1' AND eventid IN (SELECT eventid FROM t2 WHERE region = 'a')",
      ["t1: year [1,1]", "t2: region [a,a]"],
    ],
    ["SELECT * FROM t1 WHERE region || year = 'us-east-12026'", ["t1:"]],
    ["SELECT * FROM t1 WHERE NOT (region || '/' || year BETWEEN 'u' AND 'v')", []],
    ["SELECT * FROM (SELECT * FROM everything) AS e WHERE e.account || e.year < '2'", ["t1:"]],
  ])("of %s", async (sql, wanted) => {
    const place = await start();
    addUnion(place);
    expect(await explain(place, sql)).toEqual(wanted);
  });

  test("has the values of the partitions that an expression leaves, as Trino does", async () => {
    const place = await start();
    addUnion(place);
    addPartition(place, "t1", ["us-east-1", "2025"], "s3://bucket/t1/2025/");
    addPartition(place, "t1", ["eu-west-1", "2026"], "s3://bucket/t1/eu/");
    const later = "SELECT * FROM t1 WHERE (year || region) > '2025v'";
    expect(await explain(place, later)).toEqual([
      "t1: region [eu-west-1,eu-west-1] [us-east-1,us-east-1] year [2026,2026]",
    ]);
    expect(await ask(place, "SELECT year, region FROM t1 WHERE year || region = '2026us-east-1'")).toEqual([
      ["2026", "us-east-1"],
    ]);
  });

  test("fails where the query does", async () => {
    const place = await start();
    addUnion(place);
    const { Status } = await run(place, "EXPLAIN (TYPE IO, FORMAT JSON) SELECT nothing FROM t1");
    expect(Status?.StateChangeReason).toMatch(/^COLUMN_NOT_FOUND/);
  });
});

describe("EXPLAIN", () => {
  test("has a scan for each reading of a table that is left", async () => {
    const place = await start();
    addUnion(place);
    const plan = await ask(place, "EXPLAIN SELECT * FROM everything WHERE account = '111111111111'");
    expect(plan.flat().filter((line) => line?.includes("Scan"))).toHaveLength(1);
  });
});

describe("SHOW and DESCRIBE", () => {
  test("answer without a header", async () => {
    const place = await start();
    addUnion(place);
    const lines = async (sql: string): Promise<unknown[]> => {
      const { QueryExecutionId } = await run(place, sql);
      const { ResultSet } = await place.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      return (ResultSet?.Rows ?? []).map(({ Data }) =>
        Data?.[0]?.VarCharValue?.trim().replaceAll(/\s+/g, " "),
      );
    };
    expect(await lines("SHOW TABLES IN logs")).toEqual(["everything", "t1", "t2"]);
    expect((await lines("DESCRIBE t1"))[0]).toBe("eventid string");
    expect((await lines("SHOW CREATE VIEW everything"))[0]).toMatch(
      /^CREATE VIEW "logs"."everything" AS SELECT/,
    );
    expect(await lines("SHOW PARTITIONS t1")).toEqual(["region=us-east-1/year=2026"]);
  });
});
