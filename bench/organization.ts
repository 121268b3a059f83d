import { addDays, parseDay, splitDay } from "../src/core/day.ts";
import type { Day } from "../src/core/day.ts";
import { run } from "../src/index.ts";
import { openS3Store } from "../src/store/s3-store.ts";
import { openAthenaWarehouse } from "../src/warehouse/athena/athena-warehouse.ts";
import { startAwsDouble } from "../test/doubles/aws-double.ts";

/** Requests of a run. */
export interface Calls {
  readonly list: number;
  readonly glue: number;
}

/** An organization's trail on a double of AWS in this process; must be closed. */
export interface Organization {
  /** A file an account and Region; more of them change nothing, since days are listed and not files. */
  putDay(day: Day): void;
  /** The main job on that day, over so many days. */
  run(today: Day, days: number): Promise<{ readonly calls: Calls; readonly seconds: number }>;
  close(): Promise<void>;
}

const BUCKET = "trail-logs";

export async function startOrganization(size: {
  readonly accounts: number;
  readonly regions: number;
}): Promise<Organization> {
  const aws = await startAwsDouble({ recordInputs: false });
  aws.s3.createBucket(BUCKET);
  const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
  const settings = { endpointUrl, awsRegion, credentials };
  return {
    putDay: (day) => {
      for (const key of listKeys(size, day)) aws.s3.put(BUCKET, key, new Uint8Array(100));
    },
    run: async (today, days) => {
      const store = openS3Store({ bucket: BUCKET, prefix: "", aws: settings });
      const warehouse = openAthenaWarehouse({ aws: settings, database: "security", layout: "unified" });
      const start = performance.now();
      const range = { from: addDays(today, 1 - days) };
      await run({ store, warehouse }, { tablePrefix: "cloudtrail", today, range });
      warehouse.close();
      const seconds = (performance.now() - start) / 1000;
      return { calls: { list: sumOf(store.requests), glue: sumOf(warehouse.requests) }, seconds };
    },
    close: () => aws.close(),
  };
}

function* listKeys(
  { accounts, regions }: { readonly accounts: number; readonly regions: number },
  day: Day,
): Generator<string> {
  for (let account = 0; account < accounts; account++) {
    for (let region = 0; region < regions; region++) {
      const id = String(100_000_000_000 + account);
      const name = `eu-region-${region}`;
      const folder = `AWSLogs/o-aa111bb222/${id}/CloudTrail/${name}/${splitDay(day).join("/")}`;
      yield `${folder}/${id}_CloudTrail_${name}_${splitDay(day).join("")}T0005Z_0123456789abcdef.json.gz`;
    }
  }
}

function sumOf(requests: ReadonlyMap<string, number>): number {
  return [...requests.values()].reduce((total, each) => total + each, 0);
}

export function readDay(text: string): Day {
  const day = parseDay(text);
  if (day === undefined) throw new Error(`${text} is no day`);
  return day;
}
