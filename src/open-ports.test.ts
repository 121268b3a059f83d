import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "./core/user-error.ts";
import { makeFolder } from "./fixtures.contract.ts";
import { openLake, openPorts } from "./open-ports.ts";

const DUCKDB = { engine: "duckdb", database: "unused.duckdb" } as const;

describe("openLake", () => {
  test("opens a folder beside the logs, absolute, and makes nothing", async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, "logs"));
    const lake = await openLake({ ...DUCKDB, logs: join(folder, "logs"), lake: join(folder, "lake") });
    expect(lake.url).toBe(join(folder, "lake"));
    expect(await readdir(folder)).toEqual(["logs"]);
  });

  test("opens a bucket, for Athena", async () => {
    const athena = { engine: "athena", database: "security", logs: "s3://example-logs" } as const;
    const lake = await openLake({ ...athena, lake: "s3://example-lake/a/", aws: { awsRegion: "eu-west-1" } });
    expect(lake.url).toBe("s3://example-lake/a");
  });

  test("refuses a folder that a link leads into the logs, and logs that a link leads into the lake", async () => {
    const folder = await makeFolder();
    const [logs, link] = [join(folder, "logs"), join(folder, "link")];
    await mkdir(logs);
    await symlink(logs, link);
    await expect(openLake({ ...DUCKDB, logs, lake: join(link, "new", "lake") })).rejects.toThrow(UserError);
    await expect(openLake({ ...DUCKDB, logs: link, lake: logs })).rejects.toThrow("read-only");
  });
});

describe("openPorts", () => {
  test("opens the lake that the settings name, and none where they name none", async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, "logs"));
    const settings = { ...DUCKDB, logs: join(folder, "logs") };
    expect((await openPorts(settings)).lake).toBeUndefined();
    expect((await openPorts({ ...settings, lake: join(folder, "lake") })).lake?.url).toBe(
      join(folder, "lake"),
    );
  });
});
