import { onTestFinished } from "vitest";
import type { Configuration } from "../../src/config/configuration.ts";
import type { TestFile } from "../../src/fixtures.contract.ts";
import { ask, makeLog } from "../../src/fixtures.contract.ts";
import { openAthenaWarehouse } from "../../src/warehouse/athena/athena-warehouse.ts";
import type { LambdaFunction } from "./start-function.ts";
import type { Trail, TrailOptions } from "./trail.ts";
import { BUCKET, DATABASE, LAKE_BUCKET, startTrail } from "./trail.ts";

export const LAKE = `s3://${LAKE_BUCKET}/cloudtrail`;

/** A trail whose closed days go into a lake. */
export function startLakeTrail(
  lambda: LambdaFunction,
  { configuration, ...options }: TrailOptions = {},
): Promise<Trail> {
  const lake: Configuration = { lake: LAKE, ...configuration };
  return startTrail(lambda, { ...options, configuration: lake });
}

/** A file with two events of that account-day, which no other name has. */
export function twoEvents(account: string, day: string, name: string): TestFile {
  const records = [1, 2].map((number) => ({
    eventID: `${name}${number}`,
    eventTime: `${day}T0${number}:00:00Z`,
    recipientAccountId: account,
  }));
  return makeLog({ account, day, file: `${name}.json.gz`, records });
}

export function putFiles({ aws }: Trail, files: readonly TestFile[]): void {
  for (const { key, bytes } of files) aws.s3.put(BUCKET, key, bytes);
}

/** The eventIDs that the view has, as Athena answers: sorted, and as often as they are there. */
export async function readView({ aws }: Trail): Promise<string[]> {
  aws.s3.createBucket("results");
  const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
  const settings = { endpointUrl, awsRegion, credentials };
  const warehouse = openAthenaWarehouse({ aws: settings, database: DATABASE, output: "s3://results/" });
  onTestFinished(() => warehouse.close());
  const { rows } = await ask(warehouse, "SELECT eventid FROM cloudtrail ORDER BY 1");
  return rows.map(([id]) => String(id));
}

/** What the lake holds, byte for byte. */
export function readLakeFiles({ aws }: Trail): ReadonlyMap<string, string> {
  return new Map(
    aws.s3
      .keys(LAKE_BUCKET)
      .map((key) => [key, Buffer.from(aws.s3.read(LAKE_BUCKET, key) ?? []).toString("base64")]),
  );
}

/** Requests that change something, by what they are. */
export function listWrites({ aws }: Trail): string[] {
  return aws.calls.map(({ call }) => call).filter((call) => !/ (Get|List)/.test(call));
}

export const [A, B] = ["111122223333", "444455556666"] as const;

/** Two accounts on three days, the last of which is not closed at noon. */
export const FILES = [A, B].flatMap((account) =>
  ["2026-11-20", "2026-11-21", "2026-11-22"].flatMap((day) =>
    ["a", "b"].map((name) => twoEvents(account, day, `${account} ${day} ${name}`)),
  ),
);
/** Their eventIDs. */
export const EVENTS = FILES.flatMap(({ key }) => {
  const name = key.slice(key.lastIndexOf("/") + 1).replace(".json.gz", "");
  return [`${name}1`, `${name}2`];
}).toSorted();

export async function startWithFiles(lambda: LambdaFunction, configuration?: Configuration): Promise<Trail> {
  const trail = await startLakeTrail(lambda, configuration === undefined ? {} : { configuration });
  putFiles(trail, FILES);
  return trail;
}

/** The function asks how much there is, as it begins, before each account-day, and at each step in the catalog. */
const MINUTES = 60_000;
/** One account-day takes so long that there is no time for another one, but for the catalog. */
export const TIME_FOR_ONE = {
  total: 15 * MINUTES,
  answers: [15 * MINUTES, 15 * MINUTES, 15 * MINUTES, 5 * MINUTES],
};
