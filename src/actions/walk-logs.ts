import type { Day } from "../core/day.ts";
import { dayFromParts, isInRange } from "../core/day.ts";
import type { LogKind } from "../core/log-key.ts";
import { isAccount, isLogFile, isLogKind, isOrganization, isRegion } from "../core/log-key.ts";
import type { Store, StoreObject } from "../store/store.ts";
import type { Scope } from "./scope.ts";
import { isWithin } from "./scope.ts";

/** One thing that a walk met, in the order of the listing. */
export type WalkEvent =
  | { readonly kind: "listing" }
  | { readonly kind: "root"; readonly root: string }
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
const MAX_FOLDERS_ABOVE_ROOTS = 5000;

interface Walk {
  readonly store: Store;
  readonly scope: Scope;
  readonly signal: AbortSignal | undefined;
}

/** What a folder's children are, once listed. */
interface Children {
  readonly folders: readonly { readonly name: string; readonly prefix: string }[];
  readonly objects: readonly StoreObject[];
}

/**
 * Lists the logs of a store from its roots down to the files, folder by folder, in the order of their keys. Folders of other
 * services are not listed. Nothing is held but the listing of one folder a level.
 */
export async function* walkLogs(
  store: Store,
  { scope = {}, signal }: { readonly scope?: Scope; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<WalkEvent> {
  const walk: Walk = { store, scope, signal };
  const pending = [{ prefix: "", depth: 0 }];
  for (let visited = 0; pending.length > 0 && visited < MAX_FOLDERS_ABOVE_ROOTS; visited++) {
    const { prefix, depth } = pending.shift() ?? { prefix: "", depth: 0 };
    const { folders } = await listFolder(walk, prefix);
    yield { kind: "listing" };
    for (const { name, prefix: child } of folders) {
      if (!isWithin(child, scope)) yield { kind: "unseen", prefix: child };
      else if (name === "AWSLogs") yield* walkRoot(walk, child);
      else if (name.toLowerCase() === "awslogs")
        yield odd(child, "almost AWSLogs (its name has another spelling)");
      else if (depth < MAX_ROOT_DEPTH) pending.push({ prefix: child, depth: depth + 1 });
    }
  }
  yield* pending.map(({ prefix }) =>
    odd(prefix, `not searched: ${MAX_FOLDERS_ABOVE_ROOTS} folders had been by then`),
  );
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

async function* walkRoot(walk: Walk, root: string): AsyncGenerator<WalkEvent> {
  const { folders, objects } = await listFolder(walk, root);
  yield { kind: "listing" };
  yield* objects.map(({ key }) => odd(key, "a file where account folders are wanted"));
  if (folders.some(({ name }) => isAccount(name))) yield { kind: "root", root };
  for (const { name, prefix } of folders) {
    if (!isWithin(prefix, walk.scope)) yield { kind: "unseen", prefix };
    else if (isAccount(name)) yield* walkAccount(walk, { root, account: name });
    else if (isOrganization(name) && root.endsWith("AWSLogs/")) yield* walkRoot(walk, prefix);
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
): AsyncGenerator<WalkEvent> {
  const wanted = walk.scope.accounts;
  if (wanted !== undefined && !wanted.includes(at.account)) {
    return yield { kind: "unseen", prefix: `${at.root}${at.account}/` };
  }
  const { folders } = await listFolder(walk, `${at.root}${at.account}/`);
  yield { kind: "listing" };
  for (const { name, prefix } of folders) {
    if (!isWithin(prefix, walk.scope)) yield { kind: "unseen", prefix };
    else if (isLogKind(name)) yield* walkKind(walk, { ...at, kind: name, prefix });
    else if (/^cloud-?trail/i.test(name))
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

async function* walkKind(walk: Walk, at: KindFolder): AsyncGenerator<WalkEvent> {
  const { folders, objects } = await listFolder(walk, at.prefix);
  yield { kind: "listing" };
  yield* objects.map(({ key }) => odd(key, "a file above the folder of a day"));
  for (const { name, prefix } of folders) {
    if (!isRegion(name)) {
      yield odd(prefix, "not a Region (wanted a name such as us-east-1)");
      yield { kind: "outside", prefix };
    } else if ((walk.scope.regions?.includes(name) ?? true) && isWithin(prefix, walk.scope)) {
      yield* walkDates(walk, { ...at, region: name, prefix, parts: [] });
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

/** Goes down year, month and day. */
async function* walkDates(walk: Walk, at: DateFolder): AsyncGenerator<WalkEvent> {
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
      yield* walkDates(walk, { ...at, prefix, parts });
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
  const { root, account, kind, region } = at;
  const folder: DayFolder = { root, account, kind, region, day };
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
