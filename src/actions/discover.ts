import type { Inventory, InventoryPartition, Oddity } from "../core/inventory.ts";
import type { Store, StoreObject } from "../store/store.ts";
import type { OnProgress } from "./progress.ts";
import type { Scope } from "./scope.ts";
import type { DayFolder } from "./walk-logs.ts";
import { walkLogs } from "./walk-logs.ts";

export interface DiscoverOptions extends Scope {
  /** "days": only which days have logs of the kind CloudTrail; by default all files are counted. */
  readonly detail?: "days" | "files" | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** `{"Records":[]}` takes 32 bytes gzipped, and gzip of nothing 20. */
const SMALLEST_LOG_BYTES = 30;
const EXAMPLES_KEPT = 3;

/** Lists a store and counts what it holds, by root, account, kind, Region and day. Reads no file. */
export async function discover(store: Store, options: DiscoverOptions = {}): Promise<Inventory> {
  const { detail, signal, onProgress, ...scope } = options;
  const tally = new Tally();
  for await (const event of walkLogs(store, { scope, detail, signal })) {
    switch (event.kind) {
      case "listing":
        tally.listings++;
        break;
      case "root":
        tally.roots.add(event.root);
        break;
      case "day":
        tally.days.push(event.folder);
        if (tally.days.length % 1000 === 0) onProgress?.({ step: "listing days", done: tally.days.length });
        break;
      case "log":
        tally.addObject(event.folder, event.object);
        if (tally.objects % 1000 === 0) onProgress?.({ step: "listing logs", done: tally.objects });
        break;
      case "other-service":
        tally.otherServices.add(event.name);
        break;
      case "outside":
        tally.outside.push(event.prefix);
        break;
      case "unseen":
        tally.unseen.push(event.prefix);
        break;
      case "odd":
        tally.addOddity(event.key, event.reason);
        break;
    }
  }
  return tally.print(store.url);
}

/** Counts as a walk goes by; as large as the partitions, not as the files. */
class Tally {
  listings = 0;
  objects = 0;
  readonly roots = new Set<string>();
  readonly otherServices = new Set<string>();
  readonly outside: string[] = [];
  readonly unseen: string[] = [];
  readonly days: DayFolder[] = [];
  readonly #partitions = new Map<DayFolder, { objects: number; bytes: number }>();
  readonly #oddities = new Map<string, { count: number; examples: string[] }>();
  readonly #tooSmall: string[] = [];

  addObject(folder: DayFolder, { key, size }: StoreObject): void {
    const partition = this.#partitions.get(folder) ?? { objects: 0, bytes: 0 };
    partition.objects++;
    partition.bytes += size;
    this.objects++;
    this.#partitions.set(folder, partition);
    if (folder.kind === "CloudTrail" && size < SMALLEST_LOG_BYTES) this.#tooSmall.push(key);
  }

  addOddity(key: string, reason: string): void {
    const oddity = this.#oddities.get(reason) ?? { count: 0, examples: [] };
    oddity.count++;
    oddity.examples = [...oddity.examples, key].toSorted().slice(0, EXAMPLES_KEPT);
    this.#oddities.set(reason, oddity);
  }

  print(url: string): Inventory {
    const days = this.days.map((folder) => ({ ...folder, objects: undefined, bytes: undefined }));
    const counted = [...this.#partitions].map(([folder, sums]) => ({ ...folder, ...sums }));
    return {
      url,
      roots: [...this.roots].toSorted(),
      partitions: [...days, ...counted].toSorted(comparePartitions),
      outside: this.outside.toSorted(),
      unseen: this.unseen.toSorted(),
      oddities: [...this.#oddities]
        .map(([reason, oddity]): Oddity => ({ reason, ...oddity }))
        .toSorted((a, b) => compareTexts(a.reason, b.reason)),
      otherServices: [...this.otherServices].toSorted(),
      tooSmall: this.#tooSmall.toSorted(),
      listings: this.listings,
    };
  }
}

function comparePartitions(a: InventoryPartition, b: InventoryPartition): number {
  return (
    compareTexts(a.root, b.root) ||
    compareTexts(a.account, b.account) ||
    compareTexts(a.kind, b.kind) ||
    compareTexts(a.region, b.region) ||
    compareTexts(a.day, b.day)
  );
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
