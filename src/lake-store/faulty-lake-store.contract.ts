import type { LakeStore } from "./lake-store.ts";

export interface FaultOptions {
  /** Of the counted calls, from 1: this one fails. Infinity for none, to count them. */
  readonly failAt: number;
  /** Whether it fails before it took effect or after that. */
  readonly kind: "before" | "after";
  /** What is counted, and fails: write, create and remove, or read and listFiles. @default "writing" */
  readonly calls?: "writing" | "reading";
  /** Whether all calls fail from then on, as if the process had been killed. @default false */
  readonly isDeadThen?: boolean;
}

/** A lake that fails once, with an Error whose message begins with "fault". */
export interface FaultyLakeStore extends LakeStore {
  /** The counted calls so far, the failed one too: "create manifests/data/...". */
  readonly calls: readonly string[];
  readonly hasFailed: boolean;
}

/** Another way to a lake, on which the n-th call fails. */
export function faultyLakeStore(
  store: LakeStore,
  { failAt, kind, calls: counted = "writing", isDeadThen = false }: FaultOptions,
): FaultyLakeStore {
  const calls: string[] = [];
  let hasFailed = false;
  /** @returns whether the call is to fail after it took effect */
  const enter = (group: "writing" | "reading", call: string): boolean => {
    if (hasFailed && isDeadThen) throw new Error(`fault: ${call} after the end`);
    if (group !== counted) return false;
    calls.push(call);
    if (calls.length !== failAt) return false;
    hasFailed = true;
    if (kind === "before") throw fault(failAt, `${call}, which had no effect`);
    return true;
  };
  const run = async <T>(group: "writing" | "reading", call: string, act: () => Promise<T>): Promise<T> => {
    const fails = enter(group, call);
    const result = await act();
    if (fails) throw fault(failAt, `${call}, which took effect`);
    return result;
  };
  return {
    url: store.url,
    requests: store.requests,
    callsAtOnce: store.callsAtOnce,
    calls,
    get hasFailed() {
      return hasFailed;
    },
    async *listFiles(prefix, options) {
      const fails = enter("reading", `listFiles ${prefix}`);
      yield* store.listFiles(prefix, options);
      if (fails) throw fault(failAt, `listFiles ${prefix}, at its end`);
    },
    read: (key, options) => run("reading", `read ${key}`, () => store.read(key, options)),
    write: (key, pieces, options) => run("writing", `write ${key}`, () => store.write(key, pieces, options)),
    create: (key, bytes, options) => run("writing", `create ${key}`, () => store.create(key, bytes, options)),
    remove: (keys, options) => run("writing", `remove ${keys.join(" ")}`, () => store.remove(keys, options)),
  };
}

function fault(number: number, what: string): Error {
  return new Error(`fault at call ${number}: ${what}`);
}
