import { setMaxListeners } from "node:events";
import type { Day } from "../core/day.ts";
import { dayFromParts, isInRange, splitDay } from "../core/day.ts";
import type { LogKind } from "../core/log-key.ts";
import { isAccount, isLogFile, isLogKind, isOrganization, isRegion } from "../core/log-key.ts";
import { AccessDenied } from "../core/user-error.ts";
import type { Store, StoreObject } from "../store/store.ts";
import type { Scope } from "./scope.ts";
import { isWithin } from "./scope.ts";
import type { Branch } from "./walk-tree.ts";
import { walkTree } from "./walk-tree.ts";

/** One thing that a walk met. */
export type WalkEvent =
  | { readonly kind: "listing" }
  | { readonly kind: "root"; readonly root: string }
  /** A day that has files; only where days are asked for, and no files. */
  | { readonly kind: "day"; readonly folder: DayFolder }
  | { readonly kind: "log"; readonly folder: DayFolder; readonly object: StoreObject }
  | { readonly kind: "other-service"; readonly name: string }
  /** Below a log kind's folder, and odd: no part of any table. */
  | { readonly kind: "outside"; readonly prefix: string }
  /** Outside the scope, at whatever level. */
  | { readonly kind: "unseen"; readonly prefix: string }
  | { readonly kind: "odd"; readonly key: string; readonly reason: string };

/** The folder of one day's files. */
export interface DayFolder {
  readonly root: string;
  readonly account: string;
  readonly kind: LogKind;
  readonly region: string;
  readonly day: Day;
}

/** A log bucket's prefix is a few levels long; whoever points at a whole disk gets an answer soon. */
const MAX_ROOT_DEPTH = 6;

export interface WalkOptions {
  readonly scope?: Scope | undefined;
  /** "days": which days have logs of the kind CloudTrail, and neither files nor other kinds; by default all files. */
  readonly detail?: "days" | "files" | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Walk {
  readonly store: Store;
  readonly scope: Scope;
  readonly detail: "days" | "files";
  readonly signal: AbortSignal | undefined;
}

type Step = WalkEvent | Branch<WalkEvent>;

/** What a folder's children are, once listed. */
interface Children {
  readonly folders: readonly { readonly name: string; readonly prefix: string }[];
  readonly objects: readonly StoreObject[];
}

/**
 * Lists the logs of a store from its roots down to the files, or to the days, in no order: as many listings at once as serve
 * the store. Folders of other services are not listed. Nothing is held but the listing of one folder a level.
 */
export async function* walkLogs(
  store: Store,
  { scope = {}, detail = "files", ...options }: WalkOptions = {},
): AsyncGenerator<WalkEvent> {
  // Whoever leaves, or meets an error, waits for no listing that is under way.
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  setMaxListeners(0, signal);
  try {
    yield* walkTree(() => searchRoots({ store, scope, detail, signal }), store.manners.listingsAtOnce);
  } finally {
    end.abort();
  }
}

async function* searchRoots(walk: Walk): AsyncGenerator<Step> {
  const { searchAtMost } = walk.store.manners;
  const pending = [{ prefix: "", depth: 0 }];
  for (let visited = 0; pending.length > 0 && visited < searchAtMost; visited++) {
    const { prefix, depth } = pending.shift() ?? { prefix: "", depth: 0 };
    const folders = await listAboveRoots(walk, prefix);
    yield { kind: "listing" };
    if (folders === undefined) {
      yield* goOnWithoutPermission(walk, prefix);
      continue;
    }
    for (const { name, prefix: child } of folders) {
      if (name === "") yield odd(child, "below a folder without a name, where Athena cannot read");
      else if (!isWithin(child, walk.scope)) yield { kind: "unseen", prefix: child };
      else if (name === "AWSLogs") yield branch(() => walkRoot(walk, child));
      else if (name.toLowerCase() === "awslogs")
        yield odd(child, "almost AWSLogs (its name has another spelling)");
      else if (depth < MAX_ROOT_DEPTH) pending.push({ prefix: child, depth: depth + 1 });
    }
  }
  yield* pending.map(({ prefix }) => odd(prefix, `not searched: ${searchAtMost} folders had been by then`));
}

/** Whoever may list no more than `AWSLogs/` itself still sees what is there, and hears that it may not be all. */
function* goOnWithoutPermission(walk: Walk, prefix: string): Generator<Step> {
  if (prefix !== "") {
    yield odd(prefix, "not searched for AWSLogs folders: there is no permission to list it");
    return;
  }
  yield odd("AWSLogs/", "AWSLogs folders were looked for nowhere else: there is no permission to list them");
  yield branch(() => walkRoot(walk, "AWSLogs/"));
}

/** @returns undefined where listing is not allowed */
async function listAboveRoots(walk: Walk, prefix: string): Promise<Children["folders"] | undefined> {
  try {
    return (await listFolder(walk, prefix)).folders;
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    return undefined;
  }
}

function branch(walk: () => AsyncGenerator<Step>): Branch<WalkEvent> {
  return { kind: "branch", walk };
}

/** Reads one folder. Hidden names, those that begin with "." or "_", do not count: Athena and Hive skip them too. */
export async function listFolder(
  { store, signal }: Pick<Walk, "store" | "signal">,
  prefix: string,
): Promise<Children> {
  const folders = [];
  const objects = [];
  for await (const entry of store.listChildren(prefix, { signal })) {
    const path = entry.kind === "folder" ? entry.prefix : entry.key;
    const name = path.slice(prefix.length).replace(/\/$/, "");
    if (isHidden(name)) continue;
    if (entry.kind === "object") objects.push(entry);
    else folders.push({ name, prefix: path });
  }
  return { folders, objects };
}

function isHidden(name: string): boolean {
  return /^[._]/.test(name);
}

async function* walkRoot(walk: Walk, root: string): AsyncGenerator<Step> {
  const { folders, objects } = await listFolder(walk, root);
  yield { kind: "listing" };
  yield* objects.map(({ key }) => odd(key, "a file where account folders are wanted"));
  if (folders.some(({ name }) => isAccount(name))) yield { kind: "root", root };
  for (const { name, prefix } of folders) {
    if (!isWithin(prefix, walk.scope)) yield { kind: "unseen", prefix };
    else if (isAccount(name)) yield branch(() => walkAccount(walk, { root, account: name }));
    else if (isOrganization(name) && root.endsWith("AWSLogs/")) yield branch(() => walkRoot(walk, prefix));
    else yield odd(prefix, notAnAccount(name));
  }
}

function notAnAccount(name: string): string {
  return name.startsWith("o-") && !isOrganization(name)
    ? "not an organization id (wanted o- and 10 to 32 of a-z0-9)"
    : "not an account id (wanted 12 digits)";
}

async function* walkAccount(
  walk: Walk,
  at: { readonly root: string; readonly account: string },
): AsyncGenerator<Step> {
  const wanted = walk.scope.accounts;
  if (wanted !== undefined && !wanted.includes(at.account)) {
    return yield { kind: "unseen", prefix: `${at.root}${at.account}/` };
  }
  if (walk.detail === "days") {
    const prefix = `${at.root}${at.account}/CloudTrail/`;
    const regions = await listFolder(walk, prefix);
    yield { kind: "listing" };
    // An account with logs is not listed itself; one without is, since its folder may have almost the right name.
    if (regions.folders.length > 0) {
      return yield* walkRegions(walk, { ...at, kind: "CloudTrail", prefix, children: regions });
    }
  }
  const { folders } = await listFolder(walk, `${at.root}${at.account}/`);
  yield { kind: "listing" };
  for (const { name, prefix } of folders) {
    if (!isWithin(prefix, walk.scope)) yield { kind: "unseen", prefix };
    else if (isLogKind(name)) {
      if (walk.detail === "files") yield branch(() => walkKind(walk, { ...at, kind: name, prefix }));
    } else if (/^cloud-?trail/i.test(name))
      yield odd(prefix, "almost a CloudTrail folder (its name has another spelling)");
    else yield { kind: "other-service", name };
  }
}

interface KindFolder {
  readonly root: string;
  readonly account: string;
  readonly kind: LogKind;
  readonly prefix: string;
}

async function* walkKind(walk: Walk, at: KindFolder): AsyncGenerator<Step> {
  const children = await listFolder(walk, at.prefix);
  yield { kind: "listing" };
  yield* walkRegions(walk, { ...at, children });
}

async function* walkRegions(
  walk: Walk,
  { children, ...at }: KindFolder & { readonly children: Children },
): AsyncGenerator<Step> {
  const { folders, objects } = children;
  yield* objects.map(({ key }) => odd(key, "a file above the folder of a day"));
  for (const { name, prefix } of folders) {
    if (!isRegion(name)) {
      yield odd(prefix, "not a Region (wanted a name such as us-east-1)");
      yield { kind: "outside", prefix };
    } else if ((walk.scope.regions?.includes(name) ?? true) && isWithin(prefix, walk.scope)) {
      const folder = { ...at, region: name, prefix, parts: [] };
      yield branch(() => (walk.detail === "days" ? walkDays(walk, folder) : walkDates(walk, folder)));
    } else yield { kind: "unseen", prefix };
  }
}

interface DateFolder extends KindFolder {
  readonly region: string;
  /** Year, month and day, as far as the path has come. */
  readonly parts: readonly string[];
}

const DATE_LEVELS = [
  { name: "year", form: /^\d{4}$/, wanted: "four digits" },
  { name: "month", form: /^(0[1-9]|1[0-2])$/, wanted: "01 to 12" },
  { name: "day", form: /^\d{2}$/, wanted: "a day of that month, two digits" },
] as const;

/** What CloudTrail's file names have behind the account, which is the same in a whole folder. */
const FILE_INFIX = "_CloudTrail_";

/** Lists a Region's days at one go, whatever the number of files. */
async function* walkDays(walk: Walk, at: DateFolder): AsyncGenerator<WalkEvent> {
  const { range: { from, to } = {} } = walk.scope;
  yield { kind: "listing" };
  const days = walk.store.listFolders(at.prefix, {
    levels: 3,
    infix: FILE_INFIX,
    from: from === undefined ? undefined : `${at.prefix}${splitDay(from).join("/")}/`,
    signal: walk.signal,
  });
  for await (const entry of days) {
    if (entry.kind === "object") {
      if (!isHidden(entry.key.slice(entry.key.lastIndexOf("/") + 1)))
        yield odd(entry.key, "a file above the folder of a day");
      continue;
    }
    const parts = entry.prefix.slice(at.prefix.length).split("/").slice(0, -1);
    const day = dayOf(parts);
    if (day === undefined) yield* tellOddDate(entry.prefix, parts);
    else if (to !== undefined && day > to) return yield { kind: "unseen", prefix: entry.prefix };
    else if (isWithin(entry.prefix, walk.scope)) yield { kind: "day", folder: { ...pickFolder(at), day } };
  }
}

/** The first of year, month and day that is none. */
function* tellOddDate(prefix: string, parts: readonly string[]): Generator<WalkEvent> {
  if (parts.some(isHidden)) return;
  const level = DATE_LEVELS.find(({ form }, index) => !form.test(parts[index] ?? "")) ?? DATE_LEVELS[2];
  yield odd(prefix, `not a ${level.name} (wanted ${level.wanted})`);
  yield { kind: "outside", prefix };
}

function pickFolder({ root, account, kind, region }: DateFolder): Omit<DayFolder, "day"> {
  return { root, account, kind, region };
}

/** Goes down year, month and day. */
async function* walkDates(walk: Walk, at: DateFolder): AsyncGenerator<Step> {
  const level = DATE_LEVELS[at.parts.length];
  if (level === undefined) return yield* walkDay(walk, at);
  const { folders, objects } = await listFolder(walk, at.prefix);
  yield { kind: "listing" };
  yield* objects.map(({ key }) => odd(key, "a file above the folder of a day"));
  for (const { name, prefix } of folders) {
    const parts = [...at.parts, name];
    const fits = level.form.test(name) && (parts.length < 3 || dayOf(parts) !== undefined);
    if (!fits) {
      yield odd(prefix, `not a ${level.name} (wanted ${level.wanted})`);
      yield { kind: "outside", prefix };
    } else if (mayHoldDays(parts, walk.scope) && isWithin(prefix, walk.scope)) {
      yield branch(() => walkDates(walk, { ...at, prefix, parts }));
    } else yield { kind: "unseen", prefix };
  }
}

/** Whether a year, a month or a day has a day in common with the scope. */
function mayHoldDays(parts: readonly string[], { range = {} }: Scope): boolean {
  const [year = "", month, day] = parts;
  const first = dayFromParts(year, month ?? "01", day ?? "01");
  const last = `${year}-${month ?? "12"}-${day ?? "31"}`;
  if (first === undefined) return false;
  return (range.from === undefined || last >= range.from) && isInRange(first, { to: range.to });
}

function dayOf(parts: readonly string[]): Day | undefined {
  return dayFromParts(parts[0] ?? "", parts[1] ?? "", parts[2] ?? "");
}

/** A day can have hundreds of thousands of files: they go by one by one. */
async function* walkDay(walk: Walk, at: DateFolder): AsyncGenerator<WalkEvent> {
  const day = dayOf(at.parts);
  if (day === undefined) return;
  yield { kind: "listing" };
  const folder: DayFolder = { ...pickFolder(at), day };
  for await (const entry of walk.store.listChildren(at.prefix, { signal: walk.signal })) {
    if (entry.kind === "folder") {
      if (!isHidden(entry.prefix.slice(at.prefix.length)))
        yield odd(entry.prefix, "a folder inside the folder of a day");
    } else if (isLogFile(entry.key.slice(at.prefix.length))) yield { kind: "log", folder, object: entry };
    else if (!isHidden(entry.key.slice(at.prefix.length))) {
      yield odd(entry.key, "not a log file (wanted a name ending in .json.gz)");
    }
  }
}

function odd(key: string, reason: string): WalkEvent {
  return { kind: "odd", key, reason };
}
