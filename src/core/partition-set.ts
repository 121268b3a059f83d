import type { Day } from "./day.ts";

/** A Region and a day of one account. */
export interface Partition {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly day: Day;
  /** URLs of the roots that hold its files, each with its final slash, sorted: an account can lie under two. */
  readonly roots: readonly string[];
}

type Days = Map<Day, readonly string[]>;
type Regions = Map<string, Days>;

/**
 * Partitions by account, Region and day, in some 40 bytes each: an organization has millions. Iterates in order of account,
 * Region and day.
 */
export class PartitionSet implements Iterable<Partition> {
  readonly #accounts = new Map<string, Regions>();
  /** Equal lists of roots, and equal days, are kept once. */
  readonly #rootLists = new Map<string, readonly string[]>();
  readonly #dayTexts = new Map<Day, Day>();
  #size = 0;

  constructor(partitions: Iterable<Partition> = []) {
    for (const partition of partitions) this.add(partition);
  }

  get size(): number {
    return this.#size;
  }

  /** In order. */
  get accounts(): string[] {
    return [...this.#accounts.keys()].toSorted();
  }

  /** All Regions of all accounts, in order. */
  get regions(): string[] {
    return [...new Set([...this.#accounts.values()].flatMap((regions) => [...regions.keys()]))].toSorted();
  }

  /** The roots of a partition; none where the set does not have it. */
  rootsOf({ account, region, day }: Pick<Partition, "account" | "region" | "day">): readonly string[] {
    return this.#accounts.get(account)?.get(region)?.get(day) ?? [];
  }

  has({ account, region, day }: Pick<Partition, "account" | "region" | "day">): boolean {
    return this.#accounts.get(account)?.get(region)?.has(day) ?? false;
  }

  /** Adds a partition, or roots to one that is there. */
  add({ account, region, day, roots }: Partition): void {
    const regions = this.#accounts.get(account) ?? new Map<string, Days>();
    this.#accounts.set(account, regions);
    const days: Days = regions.get(region) ?? new Map<Day, readonly string[]>();
    regions.set(region, days);
    const known = days.get(day);
    if (known === undefined) this.#size++;
    else if (roots.every((root) => known.includes(root))) return;
    days.set(this.#internDay(day), this.#internRoots(known === undefined ? roots : [...known, ...roots]));
  }

  /** Adds all of another set, whole Regions at a time where it can. */
  addAll(other: PartitionSet): this {
    for (const [account, region, days] of other.#listRegions()) {
      const regions = this.#accounts.get(account) ?? new Map<string, Days>();
      this.#accounts.set(account, regions);
      if (regions.has(region)) for (const [day, roots] of days) this.add({ account, region, day, roots });
      else {
        regions.set(region, new Map(days));
        this.#size += days.size;
      }
    }
    return this;
  }

  /** The partitions of one account. */
  ofAccount(account: string): PartitionSet {
    return new PartitionSet(iterateAccount(account, this.#accounts.get(account)));
  }

  /** The partitions that `other` does not have, or not under all of their roots. */
  difference(other: PartitionSet): PartitionSet {
    const missing = new PartitionSet();
    for (const [account, region, days] of this.#listRegions()) {
      const knownDays = other.#accounts.get(account)?.get(region);
      for (const [day, roots] of days) {
        const known = knownDays?.get(day);
        if (known === undefined || (known !== roots && !roots.every((root) => known.includes(root))))
          missing.add({ account, region, day, roots });
      }
    }
    return missing;
  }

  filter(keep: (partition: Partition) => boolean): PartitionSet {
    const kept = new PartitionSet();
    for (const partition of this) if (keep(partition)) kept.add(partition);
    return kept;
  }

  *[Symbol.iterator](): Generator<Partition> {
    for (const account of this.accounts) yield* iterateAccount(account, this.#accounts.get(account));
  }

  /** In no order. */
  *#listRegions(): Generator<[account: string, region: string, days: Days]> {
    for (const [account, regions] of this.#accounts) {
      for (const [region, days] of regions) yield [account, region, days];
    }
  }

  #internDay(day: Day): Day {
    const known = this.#dayTexts.get(day);
    if (known === undefined) this.#dayTexts.set(day, day);
    return known ?? day;
  }

  #internRoots(roots: readonly string[]): readonly string[] {
    const [first = ""] = roots;
    const sorted = roots.length > 1 ? [...new Set(roots)].toSorted() : roots;
    const id = roots.length > 1 ? sorted.join("\n") : first;
    const known = this.#rootLists.get(id);
    if (known === undefined) this.#rootLists.set(id, sorted);
    return known ?? sorted;
  }
}

function* iterateAccount(account: string, regions: Regions = new Map<string, Days>()): Generator<Partition> {
  for (const region of [...regions.keys()].toSorted()) {
    const days = regions.get(region) ?? new Map<Day, readonly string[]>();
    for (const day of [...days.keys()].toSorted()) {
      yield { account, region, day, roots: days.get(day) ?? [] };
    }
  }
}
