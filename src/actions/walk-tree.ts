/** Work that a walk came upon: it goes on beside the rest, when its turn comes. */
export interface Branch<T> {
  readonly kind: "branch";
  walk(): AsyncIterable<T | Branch<T>>;
}

/** Items wait for the reader up to here; a day can have hundreds of thousands of files. */
const WAITING_AT_MOST = 1000;

/**
 * Walks a tree with up to `atOnce` branches at a time. Items come in no order between branches. Leaving the loop, or an
 * error in a branch, stops all of them.
 */
export async function* walkTree<T>(
  trunk: () => AsyncIterable<T | Branch<T>>,
  atOnce: number,
): AsyncGenerator<T> {
  const crew = new Crew<T>(atOnce);
  crew.add({ kind: "branch", walk: trunk });
  try {
    for (;;) {
      const items = await crew.take();
      if (items === undefined) return;
      yield* items;
    }
  } finally {
    crew.stop();
  }
}

/** Workers, the branches that wait for them, and the items that wait for the reader. */
class Crew<T> {
  readonly #atOnce: number;
  readonly #branches: Branch<T>[] = [];
  #items: T[] = [];
  #working = 0;
  #stopped = false;
  #failure: { readonly error: unknown } | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWorkers: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  add(branch: Branch<T>): void {
    this.#branches.push(branch);
    if (this.#working < this.#atOnce) void this.#work();
  }

  /** What has come together so far, at least one item; undefined at the end. */
  async take(): Promise<readonly T[] | undefined> {
    while (this.#items.length === 0 && this.#working > 0 && this.#failure === undefined) {
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#items.length === 0) return undefined;
    const items = this.#items;
    this.#items = [];
    this.#letWorkersOn();
    return items;
  }

  stop(): void {
    this.#stopped = true;
    this.#branches.length = 0;
    this.#letWorkersOn();
  }

  /** Never rejects: what goes wrong is the reader's to hear. The newest branch first, so that few wait. */
  async #work(): Promise<void> {
    this.#working++;
    try {
      for (let branch = this.#branches.pop(); branch !== undefined; branch = this.#branches.pop()) {
        await this.#walk(branch);
      }
    } catch (error) {
      this.#failure ??= { error };
      this.stop();
    }
    this.#working--;
    this.#wakeReader?.();
  }

  async #walk(branch: Branch<T>): Promise<void> {
    for await (const item of branch.walk()) {
      if (this.#stopped) return;
      if (isBranch<T>(item)) this.add(item);
      else this.#items.push(item);
      this.#wakeReader?.();
      while (this.#items.length >= WAITING_AT_MOST && !this.#stopped) {
        await new Promise<void>((resolve) => this.#wakeWorkers.push(resolve));
      }
    }
  }

  #letWorkersOn(): void {
    for (const wake of this.#wakeWorkers.splice(0)) wake();
  }
}

function isBranch<T>(item: T | Branch<T>): item is Branch<T> {
  return typeof item === "object" && item !== null && "kind" in item && item.kind === "branch";
}
