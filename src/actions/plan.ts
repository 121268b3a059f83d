import type { Catalog, LakeContent, SetAsideFile } from "../core/catalog.ts";
import { planPartitions } from "../core/catalog.ts";
import type { Day, DayRange } from "../core/day.ts";
import type { Inventory } from "../core/inventory.ts";
import type { Plan } from "../core/plan.ts";
import { planCatalog } from "../core/plan.ts";
import { UserError } from "../core/user-error.ts";
import type { Store } from "../store/store.ts";
import type { TableWarehouse, Warehouse } from "../warehouse/warehouse.ts";
import type { DiscoverOptions } from "./discover.ts";
import { discover } from "./discover.ts";
import { explainNoLogs } from "./explain-no-logs.ts";
import { walkLogs } from "./walk-logs.ts";
import { withRanges } from "./with-ranges.ts";

export interface Ports {
  readonly store: Store;
  readonly warehouse: Warehouse;
}

/** What a plan and a run need of them. */
export interface TablePorts {
  readonly store: Store;
  readonly warehouse: TableWarehouse;
}

export interface PlanOptions extends Omit<DiscoverOptions, "detail"> {
  /** Tables are named `<prefix>_<account>`, the view `<prefix>`. */
  readonly tablePrefix: string;
  /** The current UTC day. */
  readonly today: Day;
  /** Read every log file, and set aside those that cannot be read. */
  readonly check?: boolean | undefined;
  /** Drop partitions of earlier days; by default none ever is. */
  readonly keepFrom?: Day | undefined;
  /** What the lake has, or how that is read, for each plan anew; by default what the catalog knows of it. */
  readonly lake?: LakeContent | (() => Promise<LakeContent>) | undefined;
}

export interface PlanReport {
  readonly inventory: Inventory;
  readonly plan: Plan;
  /** What the warehouse held, and what it will hold. */
  readonly actual: Catalog;
  readonly desired: Catalog;
  /** The days that the view over all accounts reads from the lake; undefined where there is none. */
  readonly ranges: readonly DayRange[] | undefined;
}

/**
 * Lists the store, reads the catalog and says what would bring it up to date. Changes nothing.
 * @throws UserError where the store holds no CloudTrail logs and the catalog has no tables
 */
export async function plan(ports: TablePorts, options: PlanOptions): Promise<PlanReport> {
  return planFrom(ports, await discoverFor(ports, options), options);
}

/** The inventory in the detail that the warehouse asks for. */
export async function discoverFor(
  { store, warehouse }: TablePorts,
  options: PlanOptions,
): Promise<Inventory> {
  if (options.check === true && warehouse.detail === "days") {
    throw new UserError("Athena reads the log files by itself: there is no check of them beforehand", {
      hint: "leave --check out; on a copy of the logs, --engine duckdb checks them",
    });
  }
  return discover(store, { ...options, detail: warehouse.detail });
}

/** The same as plan, after the store was listed. */
export async function planFrom(
  ports: TablePorts,
  inventory: Inventory,
  options: PlanOptions,
): Promise<PlanReport> {
  const { store, warehouse } = ports;
  const { tablePrefix, keepFrom, signal, onProgress } = options;
  const onPartitions = (done: number): void => onProgress?.({ step: "reading partitions", done });
  onPartitions(0);
  const actual = await warehouse.readCatalog({ tablePrefix, signal, onPartitions });
  if (!inventory.partitions.some(({ kind }) => kind === "CloudTrail") && actual.tables.size === 0) {
    throw new UserError(...(await explainNoLogs(store, inventory, options)));
  }
  const partitions = planPartitions(inventory, actual, options);
  const setAside = await reviewSetAside(ports, { inventory, actual, options });
  const toUrl = (prefix: string): string => `${store.url}/${prefix}`;
  const around = { outside: inventory.outside.map(toUrl), unseen: inventory.unseen.map(toUrl) };
  const scope = { isWhole: isWhole(options), from: options.range?.from };
  const lake = withRanges((await readLake(options)) ?? actual.lake, {
    partitions,
    inventory,
    options,
    projected: [...actual.tables.values()].some((table) => table.projected !== undefined),
    before: actual.lake,
  });
  const content = { tablePrefix, partitions, actual, scope, setAside, lake, ...around };
  const desired = await warehouse.defineCatalog(content);
  const made = planCatalog(desired, actual, { dropBefore: keepFrom });
  return { inventory, plan: made, actual, desired, ranges: lake?.ranges };
}

async function readLake({ lake }: PlanOptions): Promise<LakeContent | undefined> {
  return typeof lake === "function" ? lake() : lake;
}

function isWhole({ accounts, regions, within = "", range }: PlanOptions): boolean {
  return accounts === undefined && regions === undefined && within === "" && range?.to === undefined;
}

interface Review {
  readonly inventory: Inventory;
  readonly actual: Catalog;
  readonly options: PlanOptions;
}

/** Looks again at the files that are set aside, and at those that must be: too small, or all where that is asked for. */
async function reviewSetAside(
  { store, warehouse }: TablePorts,
  { inventory, actual, options }: Review,
): Promise<Map<string, SetAsideFile>> {
  const { check = false, signal, onProgress, ...scope } = options;
  const known = [...actual.setAside.keys()];
  const small = inventory.tooSmall.map((key) => `${store.url}/${key}`);
  const suspects = new Set([...known, ...small]);
  const found = await warehouse.inspectLogs(toAsync(suspects), {
    signal,
    thorough: true,
    known: check ? undefined : actual.setAside,
  });
  if (!check) return byFile(found);
  const total = inventory.partitions.reduce(
    (sum, { kind, objects = 0 }) => sum + (kind === "CloudTrail" ? objects : 0),
    0,
  );
  let done = 0;
  const files = (async function* (): AsyncGenerator<string> {
    for await (const event of walkLogs(store, { scope, signal })) {
      if (event.kind !== "log" || event.folder.kind !== "CloudTrail") continue;
      if (done++ % 100 === 0) onProgress?.({ step: "reading logs", done, total });
      const file = `${store.url}/${event.object.key}`;
      if (!suspects.has(file)) yield file;
    }
  })();
  return byFile([...found, ...(await warehouse.inspectLogs(files, { signal, thorough: true }))]);
}

function byFile(files: readonly SetAsideFile[]): Map<string, SetAsideFile> {
  return new Map(files.toSorted((a, b) => (a.file < b.file ? -1 : 1)).map((file) => [file.file, file]));
}

async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
