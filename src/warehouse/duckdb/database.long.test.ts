import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../../actions/run.ts";
import { UserError } from "../../core/user-error.ts";
import { ask, errorOf, makeFolder, makeLog, readTree } from "../../fixtures.contract.ts";
import { openDatabase } from "./database.ts";
import { openDuckDbWarehouse } from "./duckdb-warehouse.ts";
import { askPlainly, makePlace, OPTIONS, startClient } from "./plain-client.contract.ts";

const broken = { key: makeLog({ file: "broken.json.gz" }).key, bytes: makeLog().bytes.subarray(0, 40) };

describe("a database that another process writes to", () => {
  test("is waited for, and then the process is named", async () => {
    const { database } = await makePlace([makeLog()]);
    const { pid } = await startClient(database, { access: "READ_WRITE" });
    for (const access of ["READ_ONLY", "READ_WRITE"] as const) {
      const error = await errorOf(openDatabase(database, access, { waitMs: 150 }));
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ hint: expect.stringContaining("close it") });
      expect(String(error)).toContain(database);
      expect(String(error)).toContain(String(pid));
    }
  });

  test("is opened once that process is done", async () => {
    const { database, warehouse } = await makePlace([makeLog()]);
    const writer = await openDatabase(database, "READ_WRITE");
    const answer = ask(warehouse, "SELECT count(*) FROM cloudtrail");
    setTimeout(() => writer.close(), 150);
    expect((await answer).rows).toEqual([[1]]);
  });

  test("is not waited for once the signal is aborted", async () => {
    const { database } = await makePlace([makeLog()]);
    const writer = await openDatabase(database, "READ_WRITE");
    const aborter = new AbortController();
    setTimeout(() => aborter.abort(), 50);
    const error = await errorOf(openDatabase(database, "READ_ONLY", { signal: aborter.signal }));
    expect(error).toMatchObject({ name: "AbortError" });
    writer.close();
  });
});

describe("a database that cannot be written while files break", () => {
  test("answers all the same, for each table, and says that it could not note them", async () => {
    const { database, warehouse } = await makePlace([makeLog(), broken]);
    await startClient(database, { access: "READ_ONLY" });
    const before = await readTree(join(database, ".."));
    const sql = "SELECT (SELECT count(*) FROM cloudtrail), (SELECT count(*) FROM cloudtrail_111122223333)";
    const answer = await ask(warehouse, sql);
    expect(answer).toMatchObject({ rows: [[1, 1]], unreadable: [broken.key] });
    expect(answer.unrecorded).toContain(database);
    expect(await readTree(join(database, ".."))).toEqual(before);
  });

  test.skipIf(process.getuid?.() === 0)(
    "because of its permissions (skipped for root, who may write everything)",
    async () => {
      const { database, warehouse } = await makePlace([makeLog(), broken]);
      await chmod(database, 0o400);
      const answer = await ask(warehouse, "SELECT count(*) FROM cloudtrail");
      expect(answer).toMatchObject({ rows: [[1]], unreadable: [broken.key] });
      expect(answer.unrecorded).toBeDefined();
    },
  );
});

describe("a database file that is none of ours", () => {
  test("is refused where it is no database at all, and left as it is", async () => {
    const folder = await makeFolder();
    const database = join(folder, "catalog.duckdb");
    await writeFile(database, "this is a text file, and has been one for years\n".repeat(500));
    const before = await readTree(folder);
    for (const call of [
      () => openDuckDbWarehouse({ database }).readCatalog({ tablePrefix: "cloudtrail" }),
      () => ask(openDuckDbWarehouse({ database }), "SELECT 1"),
    ]) {
      const error = await errorOf(call());
      expect(error).toBeInstanceOf(UserError);
      expect(String(error)).toContain(database);
    }
    expect(await readTree(folder)).toEqual(before);
  });

  test("is refused where it is a folder", async () => {
    const database = await makeFolder("catalog.duckdb");
    expect(
      await errorOf(openDuckDbWarehouse({ database }).readCatalog({ tablePrefix: "cloudtrail" })),
    ).toBeInstanceOf(UserError);
  });

  test("is refused where its folder does not exist, by the run that would make it", async () => {
    const { store, logs } = await makePlace([makeLog()]);
    const database = join(logs, "missing", "catalog.duckdb");
    const error = await errorOf(run({ store, warehouse: openDuckDbWarehouse({ database, logs }) }, OPTIONS));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain("missing");
  });

  test("is refused among the logs", async () => {
    const { logs } = await makePlace([makeLog()]);
    const database = join(logs, "AWSLogs", "catalog.duckdb");
    expect(() => openDuckDbWarehouse({ database, logs })).toThrow(UserError);
  });

  test("keeps what somebody else has in it, and gets our tables beside", async () => {
    const { store, logs } = await makePlace([makeLog()]);
    const database = join(await makeFolder(), "shared.duckdb");
    await askPlainly(database, "CREATE TABLE notes AS SELECT 1 AS a");
    await run({ store, warehouse: openDuckDbWarehouse({ database, logs }) }, OPTIONS);
    expect(await askPlainly(database, "SELECT a, (SELECT count(*) FROM cloudtrail) FROM notes")).toEqual([
      [1, "1"],
    ]);
  });

  test("is refused where it was made from the logs of another folder", async () => {
    const { database, logs } = await makePlace([makeLog()]);
    const other = await makePlace([makeLog()]);
    const warehouse = openDuckDbWarehouse({ database, logs: other.logs });
    const error = await errorOf(run({ store: other.store, warehouse }, OPTIONS));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain(logs);
    expect(String(error)).toContain(other.logs);
  });

  test("is refused where a newer version made it", async () => {
    const { database, warehouse } = await makePlace([makeLog()]);
    await askPlainly(
      database,
      "UPDATE cloudtrail_partitioner.settings SET value = '999' WHERE key = 'format'",
    );
    for (const call of [
      () => warehouse.readCatalog({ tablePrefix: "cloudtrail" }),
      () => ask(warehouse, "SELECT 1"),
    ]) {
      const error = await errorOf(call());
      expect(error).toBeInstanceOf(UserError);
      expect(String(error)).toContain("999");
    }
  });

  test("gets a view back that somebody dropped", async () => {
    const place = await makePlace([makeLog()]);
    await askPlainly(place.database, "DROP VIEW cloudtrail");
    await run(place, OPTIONS);
    expect(await askPlainly(place.database, "SELECT count(*) FROM cloudtrail")).toEqual([["1"]]);
  });

  test("is not changed where somebody has put a view in the place of ours", async () => {
    const place = await makePlace([makeLog()]);
    await askPlainly(place.database, "CREATE OR REPLACE VIEW cloudtrail AS SELECT 42 AS a");
    const error = await errorOf(run(place, OPTIONS));
    expect(error).toBeInstanceOf(UserError);
    expect(await askPlainly(place.database, "SELECT a FROM cloudtrail")).toEqual([[42]]);
  });
});
