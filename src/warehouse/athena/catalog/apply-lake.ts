import type { LakeTable } from "../../../core/catalog.ts";
import type { LakeDay } from "../../../core/lake/lake-day.ts";
import { parseLakeKey, printAccountDay, printPartName } from "../../../core/lake/lake-day.ts";
import type { Change } from "../../../core/plan.ts";
import type { ApplyContext } from "./apply-context.ts";
import { createOrMeet, replaceTable } from "./apply-definition.ts";
import { parseLakeUrl, parseLocation, placeDay } from "./lake-definition.ts";
import { readAll } from "./partition-reading.ts";
import { whereverAllowed } from "./partitions-refused.ts";
import { DatasetReading } from "./read-lake.ts";
import { StaleCatalog } from "./stale-catalog.ts";
import { parseDefinition } from "./table-definition.ts";
import type { PartitionAction, Unwritten } from "./write-partitions.ts";
import { ALL_WRITTEN, writePartitions } from "./write-partitions.ts";

/** A change to a table over a lake. */
export type LakeChange = Extract<Change, { readonly lakeTable: LakeTable }>;

/**
 * Brings a change about, call by call.
 * @throws PartitionsRefused where the table goes on answering with what it has; StaleCatalog where another run was faster
 */
export async function applyToLake(change: LakeChange, context: ApplyContext): Promise<Unwritten> {
  const { lakeTable } = change;
  switch (change.kind) {
    case "create-lake-table":
      await createOrMeet(lakeTable, context);
      return ALL_WRITTEN;
    case "replace-lake-table":
      await replaceTable(lakeTable, context.entries.get(lakeTable.name), context);
      return ALL_WRITTEN;
    case "put-lake-days":
      return whereverAllowed(() => putDays(lakeTable, change.days, context));
    case "drop-lake-days":
      return whereverAllowed(() => dropDays(lakeTable, change.days, context));
  }
}

/**
 * Days that are new are made; those that are there get their new location, which is what readers go over to the new files by.
 * What another run has made meanwhile gets ours only where ours is the newer version.
 */
async function putDays(
  table: LakeTable,
  days: readonly LakeDay[],
  context: ApplyContext,
): Promise<Unwritten> {
  const known = context.lakeTables.get(table.name)?.days;
  const isKnown = (day: LakeDay): boolean => known?.has(printAccountDay(day)) === true;
  const write = (action: PartitionAction, some: readonly LakeDay[]): Promise<Unwritten> =>
    writeDays(table, { action, days: some }, context);
  const created = await write(
    "create",
    days.filter((day) => !isKnown(day)),
  );
  const met = new Set(created.met.map(({ location }) => location));
  const older = met.size === 0 ? [] : await findOlder(table, { days, met }, context);
  const moved = await write("update", [...days.filter(isKnown), ...older]);
  return {
    failures: [...created.failures, ...moved.failures],
    met: [],
    left: created.left + moved.left,
  };
}

/** What another run has given new files meanwhile stays: the view may read them by now. */
async function dropDays(
  table: LakeTable,
  days: readonly LakeDay[],
  context: ApplyContext,
): Promise<Unwritten> {
  const there = (await readDays(table, days, context)).table.days;
  const same = days.filter((day) => there.get(printAccountDay(day))?.folder === day.folder);
  return writeDays(table, { action: "delete", days: same }, context);
}

interface DayWork {
  readonly action: PartitionAction;
  readonly days: readonly LakeDay[];
}

/** @throws StaleCatalog where a partition that is to get another location is gone */
async function writeDays(
  { name, definition: text }: LakeTable,
  { action, days }: DayWork,
  context: ApplyContext,
): Promise<Unwritten> {
  const definition = parseDefinition(text);
  const partitions = days.map((day) => placeDay(urlOf(definition.location, day), day));
  const unwritten = await writePartitions(
    context.address,
    { action, table: name, definition, partitions },
    context,
  );
  if (unwritten.failures.some(({ code }) => code === "EntityNotFoundException"))
    throw new StaleCatalog(`partitions of ${name} are gone`);
  return unwritten;
}

/** @throws Error for a definition that defineLakeTables did not make */
function urlOf(location: string, { dataset }: LakeDay): string {
  const url = parseLakeUrl(location, dataset);
  if (url === undefined) throw new Error(`${location} is no location of the dataset ${dataset}`);
  return url;
}

interface MetDays {
  readonly days: readonly LakeDay[];
  /** Where those that are there already were to lie. */
  readonly met: ReadonlySet<string>;
}

/** Of the days that are there already, those that lie in the folder of an older version, or in none that is a version's. */
async function findOlder(
  table: LakeTable,
  { days, met }: MetDays,
  context: ApplyContext,
): Promise<LakeDay[]> {
  const { url, table: now } = await readDays(table, days, context);
  return days.filter((day) => {
    if (!met.has(placeDay(url, day).location)) return false;
    const there = now.days.get(printAccountDay(day));
    if (there === undefined) return false;
    const [theirs, ours] = [there, day].map(({ folder }) => parseLocation(url, folder));
    return theirs !== ours && versionOf(theirs) <= versionOf(ours);
  });
}

/** The table's account-days as they are now. @param days at least one of them */
async function readDays(
  { name, definition }: LakeTable,
  [sample]: readonly LakeDay[],
  { address }: ApplyContext,
): Promise<{ readonly url: string; readonly table: LakeTable }> {
  if (sample === undefined) throw new Error(`no days of ${name} were asked for`);
  const url = urlOf(parseDefinition(definition).location, sample);
  const reading = new DatasetReading({ Name: name }, { dataset: sample.dataset, url });
  await readAll(address, [reading]);
  return { url, table: reading.table };
}

/** 0 for a folder that is no version's. */
function versionOf(folder = ""): number {
  const key = parseLakeKey(`${folder}${printPartName(0)}`);
  return key?.kind === "data" ? key.version : 0;
}
