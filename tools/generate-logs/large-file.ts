import type { LogKey } from "../../src/core/log-key.ts";
import { composeRecords } from "./compose.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { printJson } from "./json.ts";
import { nameLogKey } from "./log-name.ts";
import type { Settings } from "./options.ts";
import { packRecords } from "./pack.ts";
import { Random } from "./prng.ts";
import { Stream } from "./stream.ts";
import type { World } from "./world.ts";

/** In characters; CloudTrail writes no file above 50 MB before compression. */
const SIZE = 49_000_000;

/** One log file as large as CloudTrail makes them. */
export function makeLargeFile(settings: Settings, world: World, place: Omit<LogKey, "file">): GeneratedFile {
  const random = new Random(world.seed, Stream.Large);
  const stamp = Date.parse(`${place.day}T18:00:00Z`);
  const { dataEvents } = settings;
  const drawTime = (): number => stamp - 60_000 - random.below(540_000);
  const { region } = place;
  const setting = { random, world, account: world.home, region, dataEvents, drawTime, attacked: false };
  const records: string[] = [];
  let size = 0;
  for (const record of composeRecords(setting)) {
    const text = printJson(record);
    size += Buffer.byteLength(text) + 1;
    if (size > SIZE) break;
    records.push(text);
  }
  return packRecords(nameLogKey({ place, stamp, random }), records, "large");
}
