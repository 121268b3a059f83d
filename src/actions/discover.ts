import type { Inventory, InventoryPartition, Oddity } from "../core/inventory.ts";
import { printPartitionPrefix } from "../core/log-key.ts";
import type { Store, StoreObject } from "../store/store.ts";
import type { OnProgress } from "./progress.ts";
import type { Scope } from "./scope.ts";
import type { DayFolder } from "./walk-logs.ts";
import { walkLogs } from "./walk-logs.ts";

export interface DiscoverOptions extends Scope {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** `{"Records":[]}` takes 32 bytes gzipped, and gzip of nothing 20. */
const SMALLEST_LOG_BYTES = 30;
const EXAMPLES_KEPT = 3;

/** Lists a store and counts what it holds, by root, account, kind, Region and day. Reads no file. */
export async function discover(store: Store, options: DiscoverOptions = {}): Promise<Inventory> {
  const { signal, onProgress, ...scope } = options;
  const tally = new Tally();
  for await (const event of walkLogs(store, { scope, signal })) {
    switch (event.kind) {
      case "listing":
        tally.listings++;
        break;
      case "root":
        tally.roots.add(event.root);
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
  readonly #partitions = new Map<string, DayFolder & { objects: number; bytes: number }>();
  readonly #oddities = new Map<string, { count: number; examples: string[] }>();
  readonly #tooSmall: string[] = [];

  addObject(folder: DayFolder, { key, size }: StoreObject): void {
    const prefix = printPartitionPrefix(folder);
    const partition = this.#partitions.get(prefix) ?? { ...folder, objects: 0, bytes: 0 };
    partition.objects++;
    partition.bytes += size;
    this.objects++;
    this.#partitions.set(prefix, partition);
    if (folder.kind === "CloudTrail" && size < SMALLEST_LOG_BYTES) this.#tooSmall.push(key);
  }

  addOddity(key: string, reason: string): void {
    const oddity = this.#oddities.get(reason) ?? { count: 0, examples: [] };
    oddity.count++;
    if (oddity.examples.length < EXAMPLES_KEPT) oddity.examples.push(key);
    this.#oddities.set(reason, oddity);
  }

  print(url: string): Inventory {
    return {
      url,
      roots: [...this.roots],
      partitions: [...this.#partitions.values()] satisfies InventoryPartition[],
      outside: this.outside,
      unseen: this.unseen,
      oddities: [...this.#oddities].map(([reason, oddity]): Oddity => ({ reason, ...oddity })),
      otherServices: [...this.otherServices].toSorted(),
      tooSmall: this.#tooSmall,
      listings: this.listings,
    };
  }
}
