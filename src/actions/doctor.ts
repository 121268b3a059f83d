import { totalInventory } from "../core/inventory.ts";
import { UserError } from "../core/user-error.ts";
import type { PlanOptions, Ports } from "./plan.ts";
import { plan } from "./plan.ts";

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly found: string;
  /** What to do; only where it is not well. */
  readonly remedy?: string | undefined;
}

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
    await attempt(checks, "engine", async () => {
      await ports.warehouse.inspectLogs(none());
      return [true, `${ports.warehouse.title.split(",")[0]} starts`];
    });
    const catalog = await attempt(checks, "database", async () => {
      const read = await ports.warehouse.readCatalog({ signal: options.signal });
      return [read, read.tables.size === 0 ? "no tables yet: run makes them" : `${read.tables.size} tables`];
    });
    if (catalog !== undefined) await checkLogs(checks, ports, options);
  } finally {
    ports.warehouse.close();
  }
  return checks;
}

async function checkLogs(checks: Check[], ports: Ports, options: PlanOptions): Promise<void> {
  const report = await attempt(checks, "logs", async () => {
    const planned = await plan(ports, options);
    const { accounts, regions, objects } = totalInventory(planned.inventory.partitions);
    return [planned, `${objects} files of ${accounts} accounts in ${regions} Regions`];
  });
  if (report === undefined) return;
  const { inventory, plan: todo, desired } = report;
  const due = todo.changes.length > 0;
  checks.push({
    name: "tables",
    ok: !due,
    found: due ? `${todo.changes.length} changes are due` : "up to date",
    remedy: due ? "cloudtrail-partitioner run brings them up to date" : undefined,
  });
  const odd = inventory.oddities.reduce((sum, { count }) => sum + count, 0);
  checks.push({
    name: "layout",
    ok: odd === 0,
    found:
      odd === 0
        ? "every folder is as CloudTrail makes them"
        : `${odd} folders or files are not where CloudTrail puts them`,
    remedy: odd === 0 ? undefined : "cloudtrail-partitioner discover lists them; they are in no table",
  });
  checks.push({
    name: "files set aside",
    ok: desired.setAside.size === 0,
    found: `${desired.setAside.size}`,
    remedy:
      desired.setAside.size === 0
        ? undefined
        : "fetch them again from the bucket, then run; SELECT * FROM cloudtrail_partitioner.set_aside lists them",
  });
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

async function* none(): AsyncGenerator<string> {}
