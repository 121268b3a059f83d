import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plan } from "../../actions/plan.ts";
import { run } from "../../actions/run.ts";
import { ask, makeLog } from "../../fixtures.contract.ts";
import { makePlace, OPTIONS } from "./plain-client.contract.ts";

test("another table prefix on the same database gives every row once, and settles", async () => {
  const good = makeLog();
  const broken = makeLog({ file: "other.json.gz" });
  const place = await makePlace([good, broken]);
  const options = { ...OPTIONS, tablePrefix: "trail" };
  await run(place, options);
  expect((await plan(place, options)).plan.changes).toEqual([]);
  expect((await ask(place.warehouse, "SELECT count(*) FROM trail")).rows).toEqual([[2]]);
  await writeFile(join(place.logs, broken.key), "not gzip, and long enough to be looked into");
  const answer = await ask(place.warehouse, "SELECT count(*) FROM trail");
  expect([answer.rows, answer.unreadable]).toEqual([[[1]], [broken.key]]);
  expect((await plan(place, options)).plan.changes).toEqual([]);
});
