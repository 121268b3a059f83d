import type { Inventory } from "../core/inventory.ts";
import { isAccount, isLogFile, isLogKind, isRegion } from "../core/log-key.ts";
import type { UserErrorOptions } from "../core/user-error.ts";
import type { Store } from "../store/store.ts";
import type { Scope } from "./scope.ts";
import { listFolder } from "./walk-logs.ts";

/** A message and its hint, as UserError takes them. */
type Explanation = [message: string, options: UserErrorOptions];

const LAYOUT =
  "CloudTrail's files lie in [prefix/]AWSLogs/[o-id/]<account>/CloudTrail/<region>/<YYYY>/<MM>/<DD>/<file>.json.gz";

/** What to say where an inventory has no logs: what lies there instead, and what was wanted. */
export async function explainNoLogs(store: Store, inventory: Inventory, scope: Scope): Promise<Explanation> {
  if (inventory.roots.length > 0) {
    const hint = `${LAYOUT}; cloudtrail-partitioner discover shows all that is there`;
    return [`no CloudTrail logs in ${store.url}${printScope(scope)}: ${describe(inventory)}`, { hint }];
  }
  const { folders, objects } = await listFolder({ store, signal: undefined }, "");
  const names = folders.map(({ name }) => name);
  const files = objects.map(({ key }) => key);
  const odd = inventory.oddities.map(({ reason, examples }) => `${examples[0]} is ${reason}`);
  return explainMissingFolders(store.url, names) ?? explainOther(store.url, { names, files, odd });
}

/** The folders from which an upper part of the layout is missing, the topmost first, and where each belongs. */
const PARTS = [
  { fits: isAccount, what: "the account folder", place: "AWSLogs" },
  { fits: isLogKind, what: "the folder", place: "AWSLogs/<account>" },
  { fits: isRegion, what: "a folder that may be a Region,", place: "AWSLogs/<account>/CloudTrail" },
];

function explainMissingFolders(url: string, names: readonly string[]): Explanation | undefined {
  for (const { fits, what, place } of PARTS) {
    const found = names.find(fits);
    if (found === undefined) continue;
    const folder = url.endsWith(`/${LINKS}`) ? `${LINKS}-2` : LINKS;
    const link = `${folder}/${place.replace("<account>", findAccount(url) ?? "<account>")}`;
    const above = link.split("/").slice(0, -1).join("/");
    const command = `mkdir -p ${above} && ln -s ${quoteForShell(url)} ${link}`;
    const hint = `${LAYOUT}: put a link where folders are missing, ${command}, and use --logs ${folder}`;
    return [`no AWSLogs folder in ${url}, but ${what} ${found}`, { hint }];
  }
  return undefined;
}

/** The folder to be made: never the one that is looked at, whose name is often "logs". */
const LINKS = "linked-logs";

function findAccount(url: string): string | undefined {
  return url.split("/").findLast(isAccount);
}

function quoteForShell(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

interface Found {
  readonly names: readonly string[];
  readonly files: readonly string[];
  /** What was found to be almost right. */
  readonly odd: readonly string[];
}

function explainOther(url: string, { names, files, odd }: Found): Explanation {
  const file = files.find(isLogFile);
  if (file !== undefined) {
    const hint = `${LAYOUT}: account, Region and day are read from the folders, so copy the logs with them (aws s3 sync)`;
    return [`no AWSLogs folder in ${url}, but log files without their folders, such as ${file}`, { hint }];
  }
  const all = [...names.map((name) => `${name}/`), ...files];
  const found = [all.length === 0 ? "it is empty" : `it holds ${list(all)}`, ...odd].join("; ");
  return [`no CloudTrail logs in ${url}: ${found}`, { hint: LAYOUT }];
}

function printScope({ range = {}, accounts, regions, within }: Scope): string {
  const parts = [
    range.from === undefined ? "" : ` from ${range.from}`,
    range.to === undefined ? "" : ` to ${range.to}`,
    accounts === undefined ? "" : ` for the account ${accounts.join(", ")}`,
    regions === undefined ? "" : ` in the Region ${regions.join(", ")}`,
    within === undefined || within === "" ? "" : ` below ${within}`,
  ];
  return parts.join("");
}

function describe({ roots, partitions, otherServices, oddities }: Inventory): string {
  const kinds = [...new Set(partitions.map(({ kind }) => kind))];
  return [
    `the account folders are in ${list(roots)}`,
    ...(kinds.length > 0 ? [`with ${list(kinds)} only`] : []),
    ...(otherServices.length > 0 ? [`beside logs of ${list(otherServices)}`] : []),
    ...oddities.map(({ reason, examples }) => `${examples[0]} is ${reason}`),
  ].join("; ");
}

function list(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
