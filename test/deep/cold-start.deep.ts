import { expect, onTestFinished, test } from "vitest";
import { LambdaFunction } from "./lambda-function.ts";
import { onServer } from "./servers.ts";

const STARTS = 5;
const MOST_MS = 1000;

/** Runs by itself, before the other deep tests: see vitest.deep.config.ts. */
onServer("ric", (ric) => {
  test(`the function is ready ${MOST_MS} ms after its process was started`, async () => {
    const environment = { NODE_OPTIONS: "--enable-source-maps" };
    const lambda = await LambdaFunction.create({ ric, environment });
    onTestFinished(() => lambda.close());
    const times: number[] = [];
    for (let start = 1; start <= STARTS; start++) {
      times.push(await lambda.start());
      await lambda.kill();
    }
    const least = Math.min(...times);
    const all = times.map((time) => time.toFixed()).join(", ");
    process.stderr.write(`\ncold start: ${least.toFixed()} ms, the least of ${all} ms\n\n`);
    expect(least).toBeLessThan(MOST_MS);
  });
});
