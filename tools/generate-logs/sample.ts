import type { LogKey } from "../../src/core/log-key.ts";
import { composeRecords } from "./compose.ts";
import type { JsonObject } from "./json.ts";
import type { Random } from "./prng.ts";
import type { World } from "./world.ts";

const STAMP_HOUR = 9;

/** Where and when an added file lies. */
export interface Sample {
  readonly world: World;
  readonly random: Random;
  readonly place: Omit<LogKey, "file">;
  readonly stamp: number;
}

/** A delivery in the morning of the place's day. */
export function openSample(world: World, random: Random, place: Omit<LogKey, "file">): Sample {
  return { world, random, place, stamp: Date.parse(`${place.day}T00:00:00Z`) + STAMP_HOUR * 3_600_000 };
}

/** Records as in any log file, all in the current version of the format. */
export function sampleRecords({ world, random, place, stamp }: Sample, count: number): readonly JsonObject[] {
  const drawTime = (): number => stamp - 60_000 - random.below(240_000);
  const setting = { random, world, account: world.home, region: place.region, dataEvents: 0, drawTime };
  const records: JsonObject[] = [];
  for (const record of composeRecords({ ...setting, attacked: false })) {
    if (records.length === count) break;
    if (record["eventVersion"] === "1.11") records.push(record);
  }
  return records;
}
