import type { Catalog } from "../src/core/catalog.ts";
import { planPartitions } from "../src/core/catalog.ts";
import { addDays, parseDay } from "../src/core/day.ts";
import type { Day } from "../src/core/day.ts";
import type { Inventory, InventoryPartition } from "../src/core/inventory.ts";
import { PartitionSet } from "../src/core/partition-set.ts";
import { planCatalog } from "../src/core/plan.ts";
import { defineCatalog } from "../src/warehouse/athena/catalog/define-catalog.ts";

/** How much the catalog holds already. */
export type Known = "nothing" | "all" | "all but two days";

/** What one planning took. */
export interface PlanCost {
  readonly seconds: number;
  /** The most that the process had in memory, the inventory and the catalog included. */
  readonly megabytes: number;
  readonly partitions: number;
  readonly planned: number;
  /** Calls of Glue that writing it takes, at 100 partitions a call. */
  readonly batches: number;
}

const SCOPE = { isWhole: true, from: undefined };

/** An active organization: every account has logs in as many Regions, every day. */
const REGIONS = 17;
/** With tomorrow, 91. */
const DAYS = 90;

// Plans once, and prints the cost as JSON: a process of its own, so that memory is its own. Arguments: accounts, known.
const [wanted = "10", before = "nothing"] = process.argv.slice(2);
process.stdout.write(JSON.stringify(measure(Number(wanted), before as Known)));

function measure(accounts: number, known: Known): PlanCost {
  const today = parseDay("2026-11-22");
  if (today === undefined) throw new Error("not a day");
  const inventory = makeInventory(accounts, today);
  const actual = makeCatalog(inventory, today, known);
  const start = performance.now();
  const partitions = planPartitions(inventory, actual, { today });
  const content = {
    tablePrefix: "cloudtrail",
    partitions,
    actual,
    setAside: new Map(),
    scope: SCOPE,
    outside: [],
    unseen: [],
  };
  const options = { database: "security", layout: "auto", projected: false, partitionIndex: false } as const;
  const { changes } = planCatalog(defineCatalog(content, options), actual);
  const seconds = (performance.now() - start) / 1000;
  const sets = changes.flatMap((change) => {
    if ("partitions" in change) return [change.partitions.size];
    return change.kind === "create-table" ? [change.table.partitions.size] : [];
  });
  return {
    seconds,
    megabytes: process.resourceUsage().maxRSS / 1024,
    partitions: partitions.size,
    planned: sets.reduce((sum, size) => sum + size, 0),
    batches: sets.reduce((sum, size) => sum + Math.ceil(size / 100), 0),
  };
}

function makeInventory(accounts: number, today: Day): Inventory {
  const partitions: InventoryPartition[] = [];
  for (let account = 0; account < accounts; account++) {
    for (let region = 0; region < REGIONS; region++) {
      for (let age = DAYS - 1; age >= 0; age--) {
        partitions.push({
          root: "AWSLogs/o-aa111bb222/",
          account: String(100_000_000_000 + account),
          kind: "CloudTrail",
          region: `region-${String(region).padStart(2, "0")}`,
          // A day of its own each, as a listing gives them.
          day: addDays(today, -age),
          objects: undefined,
          bytes: undefined,
        });
      }
    }
  }
  const rest = { outside: [], unseen: [], oddities: [], otherServices: [], tooSmall: [], listings: 0 };
  return { url: "s3://trail-logs", roots: ["AWSLogs/o-aa111bb222/"], partitions, ...rest };
}

function makeCatalog(inventory: Inventory, today: Day, known: Known): Catalog {
  const empty: Catalog = { tables: new Map(), views: new Map(), setAside: new Map() };
  if (known === "nothing") return empty;
  const all = planPartitions(inventory, empty, { today });
  const held = known === "all" ? all : all.filter(({ day }) => day < today);
  const content = {
    tablePrefix: "cloudtrail",
    partitions: new PartitionSet(held),
    actual: empty,
    setAside: new Map(),
    scope: SCOPE,
    outside: [],
    unseen: [],
  };
  const options = { database: "security", layout: "auto", projected: false, partitionIndex: false } as const;
  return defineCatalog(content, options);
}
