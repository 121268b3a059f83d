import type { Account } from "./account.ts";
import { castAccount } from "./account.ts";
import { composeRecords } from "./compose.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { printJson } from "./json.ts";
import type { Roots } from "./layouts.ts";
import { nameLogKey } from "./log-name.ts";
import type { Settings } from "./options.ts";
import { packRecords } from "./pack.ts";
import { Random } from "./prng.ts";
import type { PlannedFile } from "./schedule.ts";
import { planFiles } from "./schedule.ts";
import { Stream } from "./stream.ts";
import type { World } from "./world.ts";

/** Makes the log files, one by one; only records that a later file of the day repeats are kept meanwhile. */
export function* makeLogFiles(settings: Settings, world: World, roots: Roots): Generator<GeneratedFile> {
  let account = world.home;
  let copies: readonly string[] = [];
  for (const plan of planFiles(settings, roots)) {
    if (plan.account !== account.index) {
      account = castAccount(world.seed, plan.account, world.accountIds[plan.account] ?? world.home.id);
    }
    const { key, own, repeated } = composeFile({ settings, world, account }, plan);
    const empty = plan.records === 0;
    const given: readonly string[] = empty ? [] : copies;
    yield packRecords(key, [...given, ...own], describeFile(plan, given.length));
    copies = plan.last ? [] : empty ? copies : repeated;
  }
}

interface Ground {
  readonly settings: Settings;
  readonly world: World;
  readonly account: Account;
}

interface ComposedFile {
  readonly key: string;
  /** Printed. */
  readonly own: readonly string[];
  /** Those of its own that a later file of the day holds too. */
  readonly repeated: readonly string[];
}

function composeFile({ settings, world, account }: Ground, plan: PlannedFile): ComposedFile {
  const { region, day, root, attacked } = plan;
  const random = new Random(world.seed, Stream.File, plan.index);
  const place = { root, account: account.id, kind: "CloudTrail", region, day } as const;
  const key = nameLogKey({ place, stamp: plan.stamp, random });
  const drawTime = (): number => drawEventTime(plan, random);
  const { dataEvents } = settings;
  const records = composeRecords({ random, world, account, region, dataEvents, drawTime, attacked });
  const own: string[] = [];
  const repeated: string[] = [];
  while (own.length < plan.records) {
    const record = records.next().value;
    const text = printJson(record);
    own.push(text);
    // Without an id nobody could tell that two are one.
    if (record["eventID"] !== undefined && random.chance(plan.copied)) repeated.push(text);
  }
  return { key, own, repeated };
}

const SECOND = 1000;
const HOUR = 3_600_000;

/** On time is one to ten minutes before delivery, three on average. */
function drawEventTime({ lateness, day, stamp }: PlannedFile, random: Random): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (lateness === "day-before") return midnight - SECOND - random.below(20 * HOUR);
  if (lateness === "redelivered") return midnight + random.below(24 * HOUR);
  return stamp - 60 * SECOND - Math.floor(540 * SECOND * random.fraction() ** 3);
}

function describeFile({ lateness, records }: PlannedFile, copies: number): string | undefined {
  const notes = [
    ...(records === 0 ? ["no records"] : []),
    ...(lateness === "on-time" ? [] : [lateness]),
    ...(copies === 0 ? [] : [`${copies} delivered before`]),
  ];
  return notes.length === 0 ? undefined : notes.join(", ");
}
