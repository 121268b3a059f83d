import type { Catalog } from "../core/catalog.ts";
import type { Check } from "../core/check.ts";
import type { Inventory } from "../core/inventory.ts";
import { totalInventory } from "../core/inventory.ts";
import { UserError } from "../core/user-error.ts";
import type { PlanOptions, PlanReport, Ports } from "./plan.ts";
import { discoverFor, planFrom } from "./plan.ts";

export type { Check } from "../core/check.ts";

/** What the configuration leads to. */
export interface Opened {
  readonly ports: Ports;
  readonly options: PlanOptions;
}

/** Looks at everything that a run and a query need, goes on after a failure, and changes nothing. */
export async function doctor(open: () => Promise<Opened>): Promise<readonly Check[]> {
  const checks: Check[] = [checkNode(process.versions.node)];
  const opened = await attempt(checks, "configuration", async () => {
    const { ports, options } = await open();
    return [{ ports, options }, `logs in ${ports.store.url}, tables in ${ports.warehouse.title}`];
  });
  if (opened === undefined) return checks;
  const { ports, options } = opened;
  try {
    const { tablePrefix, signal } = options;
    checks.push(...(await ports.warehouse.checkAccess({ tablePrefix, signal })));
    const catalog = await checkCatalog(checks, ports, options);
    const inventory = await checkLogs(checks, ports, options);
    if (catalog !== undefined && inventory !== undefined) {
      await checkTables(checks, ports, { catalog, inventory, options });
    }
  } finally {
    ports.warehouse.close();
  }
  return checks;
}

function checkCatalog(
  checks: Check[],
  { warehouse }: Ports,
  { tablePrefix, signal }: PlanOptions,
): Promise<Catalog | undefined> {
  return attempt(checks, "database", async () => {
    const read = await warehouse.readCatalog({ tablePrefix, signal });
    return [read, read.tables.size === 0 ? "no tables yet: run makes them" : `${read.tables.size} tables`];
  });
}

function checkLogs(checks: Check[], ports: Ports, options: PlanOptions): Promise<Inventory | undefined> {
  return attempt(checks, "logs", async () => {
    const inventory = await discoverFor(ports, options);
    const { accounts, regions, partitions, objects } = totalInventory(inventory.partitions);
    const what = ports.warehouse.detail === "days" ? `${partitions} days` : `${objects} files`;
    return [inventory, `${what} of ${accounts} accounts in ${regions} Regions`];
  });
}

interface Known {
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly options: PlanOptions;
}

async function checkTables(
  checks: Check[],
  { store, warehouse }: Ports,
  { catalog, inventory, options }: Known,
): Promise<void> {
  // Reading a catalog of many partitions takes minutes in Glue: what was read is planned from.
  const read = { ...warehouse, readCatalog: () => Promise.resolve(catalog) };
  const report = await attempt(checks, "tables", async () => {
    const planned = await planFrom({ store, warehouse: read }, inventory, options);
    return [planned, "planned"];
  });
  if (report === undefined) return;
  checks.splice(-1, 1, checkChanges(report), checkLayout(report), checkSetAside(report));
}

function checkChanges({ plan: { changes }, actual }: PlanReport): Check {
  if (changes.length === 0) return { name: "tables", ok: true, found: "up to date" };
  if (actual.tables.size === 0) {
    return { name: "tables", ok: true, found: `none yet: run makes them, in ${changes.length} changes` };
  }
  return {
    name: "tables",
    ok: false,
    found: `${changes.length} changes are due`,
    remedy: "cloudtrail-partitioner run brings them up to date",
  };
}

function checkLayout({ inventory }: PlanReport): Check {
  const odd = inventory.oddities.reduce((sum, { count }) => sum + count, 0);
  if (odd === 0) return { name: "layout", ok: true, found: "every folder is as CloudTrail makes them" };
  return {
    name: "layout",
    ok: false,
    found: `${odd} folders or files are not where CloudTrail puts them`,
    remedy: "cloudtrail-partitioner discover lists them; they are in no table",
  };
}

function checkSetAside({ desired: { setAside } }: PlanReport): Check {
  const found = `${setAside.size}`;
  if (setAside.size === 0) return { name: "files set aside", ok: true, found };
  return {
    name: "files set aside",
    ok: false,
    found,
    remedy:
      "fetch them again from the bucket, then run; SELECT * FROM cloudtrail_partitioner.set_aside lists them",
  };
}

/** Runs one check; a failure that the user can mend becomes its finding. */
async function attempt<T>(
  checks: Check[],
  name: string,
  check: () => Promise<readonly [result: T, found: string]>,
): Promise<T | undefined> {
  try {
    const [result, found] = await check();
    checks.push({ name, ok: true, found });
    return result;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    checks.push({ name, ok: false, found: error.message, remedy: error.hint });
    return undefined;
  }
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: "Node.js", ok, found: version, remedy: ok ? undefined : "install Node.js 20.19 or later" };
}
