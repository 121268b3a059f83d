import { expect } from "vitest";
import type { PlanReport } from "../../actions/plan.ts";
import { plan } from "../../actions/plan.ts";
import type { RunOptions, RunReport } from "../../actions/run.ts";
import { run } from "../../actions/run.ts";
import type { TestFile, TestLog } from "../../fixtures.contract.ts";
import { day, makeLog } from "../../fixtures.contract.ts";
import { openMemoryStore } from "../../store/memory-store.ts";
import type { Store } from "../../store/store.ts";
import type { AthenaOptions } from "./athena-options.ts";
import { openAthenaWarehouse } from "./athena-warehouse.ts";
import type { World } from "./world.contract.ts";
import { BUCKET, DATABASE } from "./world.contract.ts";

/** What a run is given; what is left out is as in `startWorld`, on 2026-11-22. */
export interface TestRun extends Partial<RunOptions> {
  readonly logs: Store | Iterable<TestLog>;
  /** Tries of a call. @default 10 */
  readonly attempts?: number;
  readonly athena?: Partial<AthenaOptions>;
}

export const TODAY = day("2026-11-22");

/** Days of a bucket, without a bucket: listing it costs nothing. */
export function storeOf(logs: Iterable<TestLog>, prefix = ""): Store {
  const files = [...logs].map((log): TestFile => makeLog(log));
  const url = `s3://${BUCKET}${prefix === "" ? "" : `/${prefix}`}`;
  return openMemoryStore(new Map(files.map(({ key, bytes }) => [key, bytes])), { url });
}

/** Runs as a process of its own would. */
export function runOn(world: World, options: TestRun): Promise<RunReport> {
  return withPorts(world, options, run);
}

export function planOn(world: World, options: TestRun): Promise<PlanReport> {
  return withPorts(world, options, plan);
}

async function withPorts<T>(
  { aws, settings }: World,
  { logs, athena, attempts, ...options }: TestRun,
  act: (
    ports: { store: Store; warehouse: ReturnType<typeof openAthenaWarehouse> },
    options: RunOptions,
  ) => Promise<T>,
): Promise<T> {
  const warehouse = openAthenaWarehouse({
    aws: { ...settings, maxAttempts: attempts },
    database: DATABASE,
    ...athena,
  });
  const calls = aws.calls.length;
  try {
    const store = Symbol.iterator in logs ? storeOf(logs) : logs;
    return await act({ store, warehouse }, { tablePrefix: "cloudtrail", today: TODAY, ...options });
  } finally {
    expect(aws.calls.slice(calls).filter(({ call }) => DELETING.test(call))).toEqual([]);
    warehouse.close();
  }
}

/** What no run ever does: not for a moment is a name without its table or view. */
const DELETING = /^Glue (?!BatchDeletePartition$).*Delete/;

export function kindsOf({ plan: { changes } }: PlanReport): string[] {
  return changes.map(({ kind }) => kind);
}

/** The calls that changed Glue, or were to. */
export function writesOf({ aws }: World): string[] {
  return aws.calls.map(({ call }) => call).filter((call) => !/ (Get|List|BatchGet|Head)/.test(call));
}
