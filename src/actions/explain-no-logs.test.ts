import { describe, expect, test } from "vitest";
import { day, errorOf } from "../fixtures.contract.ts";
import { openMemoryStore } from "../store/memory-store.ts";
import { openDuckDbWarehouse } from "../warehouse/duckdb/duckdb-warehouse.ts";
import { discover } from "./discover.ts";
import { explainNoLogs } from "./explain-no-logs.ts";
import { plan } from "./plan.ts";
import type { Scope } from "./scope.ts";

async function explain(keys: string[], scope: Scope = {}): Promise<{ message: string; hint: string }> {
  const store = openMemoryStore(new Map(keys.map((key) => [key, new Uint8Array(100)])), { url: "/data" });
  const [message, { hint = "" }] = await explainNoLogs(store, await discover(store, scope), scope);
  return { message, hint };
}

const DATE = "CloudTrail/us-east-1/2026/11/22";

describe("where there are no logs, it is said", () => {
  test.each<[string, string[], Scope, string[], string[]]>([
    ["that there is nothing", [], {}, ["/data", "empty"], ["AWSLogs/"]],
    ["what there is instead", ["a.txt", "b/c.txt"], {}, ["/data", "b/", "a.txt"], ["AWSLogs/"]],
    [
      "that there is much else",
      Array.from({ length: 9 }, (_, index) => `${index}.txt`),
      {},
      ["0.txt", "4.txt and 4 more"],
      [],
    ],
    [
      "that the folder of an account lies without AWSLogs",
      [`111122223333/${DATE}/a.json.gz`],
      {},
      ["no AWSLogs folder in /data", "111122223333"],
      ["ln -s /data linked-logs/AWSLogs", "--logs linked-logs"],
    ],
    [
      "that a folder CloudTrail lies without its account",
      [`${DATE}/a.json.gz`],
      {},
      ["no AWSLogs folder in /data", "CloudTrail"],
      ["ln -s /data linked-logs/AWSLogs/<account>"],
    ],
    [
      "that a Region lies without its account",
      ["us-east-1/2026/11/22/a.json.gz"],
      {},
      ["us-east-1"],
      ["ln -s /data linked-logs/AWSLogs/<account>/CloudTrail"],
    ],
    [
      "that log files lie without folders",
      ["b.json.gz", "a.json.gz"],
      {},
      ["log files without their folders", "a.json.gz"],
      ["aws s3 sync"],
    ],
    [
      "which other services there are",
      ["AWSLogs/111122223333/Config/us-east-1/2026/1/1/a.json.gz"],
      {},
      ["AWSLogs/", "Config"],
      ["discover"],
    ],
    [
      "which other kinds there are",
      ["AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/11/22/a.json.gz"],
      {},
      ["CloudTrail-Digest only"],
      [],
    ],
    [
      "what is odd",
      ["AWSLogs/111122223333/cloudtrail/us-east-1/2026/11/22/a.json.gz"],
      {},
      ["AWSLogs/111122223333/cloudtrail/", "spelling"],
      [],
    ],
    [
      "which days, accounts and Regions were asked for",
      [`AWSLogs/111122223333/${DATE}/a.json.gz`],
      {
        range: { from: day("2026-01-01"), to: day("2026-01-31") },
        accounts: ["444455556666", "777788889999"],
        regions: ["eu-west-1"],
      },
      ["from 2026-01-01", "to 2026-01-31", "444455556666, 777788889999", "eu-west-1"],
      [],
    ],
    [
      "that AWSLogs has another spelling",
      [`awslogs/111122223333/${DATE}/a.json.gz`],
      {},
      ["awslogs"],
      ["AWSLogs/"],
    ],
    [
      "that an account has 11 digits",
      [`AWSLogs/11112222333/${DATE}/a.json.gz`],
      {},
      ["AWSLogs/11112222333/", "12 digits"],
      [],
    ],
  ])("%s", async (_, keys, scope, said, hinted) => {
    const { message, hint } = await explain(keys, scope);
    for (const part of said) expect(message).toContain(part);
    for (const part of hinted) expect(hint).toContain(part);
    expect(hint).toContain("<account>/CloudTrail/<region>");
  });
});

test("a plan of a store without logs is refused with that explanation", async () => {
  const store = openMemoryStore(new Map([["readme.txt", new Uint8Array(1)]]), { url: "/data" });
  const warehouse = openDuckDbWarehouse({ database: "/nowhere/catalog.duckdb", logs: "/data" });
  const error = await errorOf(
    plan({ store, warehouse }, { tablePrefix: "cloudtrail", today: day("2026-11-22") }),
  );
  expect(error).toMatchObject({ name: "UserError", message: expect.stringContaining("readme.txt") });
});
