import type { PartitionInput } from "@aws-sdk/client-glue";
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchUpdatePartitionCommand,
} from "@aws-sdk/client-glue";
import { setTimeout } from "node:timers/promises";
import { withSignal } from "../../../aws/clients.ts";
import type { Written } from "../../warehouse.ts";
import { explained, isAwsError } from "../../../aws/explain-error.ts";
import { forEachConcurrently } from "../../../core/for-each-concurrently.ts";
import type { GlueAddress } from "./glue-reader.ts";
import type { PlacedPartition } from "./places.ts";
import { StaleCatalog } from "./stale-catalog.ts";
import type { TableDefinition } from "./table-definition.ts";
import { makePartitionInput } from "./table-definition.ts";

/** Glue's limits of one call (Glue API, BatchCreatePartition, BatchUpdatePartition, BatchDeletePartition). */
const BATCH = { create: 100, update: 100, delete: 25 } as const;
const BATCHES_AT_ONCE = 10;

/** Failures of single partitions that another try may mend. */
const TRANSIENT = /InternalService|Throttl|OperationTimeout|ConcurrentModification|ServiceUnavailable/i;
const TRIES = 4;
const FIRST_WAIT_MS = 200;

export type PartitionAction = "create" | "update" | "delete";

/** What to write, and where. */
export interface PartitionWork {
  readonly action: PartitionAction;
  readonly table: string;
  readonly definition: TableDefinition;
  readonly partitions: Iterable<PlacedPartition>;
}

/** A partition that Glue did not take. */
export interface PartitionFailure {
  readonly table: string;
  readonly values: readonly string[];
  /** As Glue names it: "AlreadyExistsException". */
  readonly code: string;
  readonly message: string;
}

export interface WriteOptions {
  readonly onWritten: (written: Written) => void;
  /** Asked before each batch: once it says so, none is sent. */
  readonly isTimeUp: () => boolean;
}

/** What was not written. */
export interface Unwritten {
  /** What failed for good; a partition to be made that is there, or to be deleted that is gone, is no failure. */
  readonly failures: readonly PartitionFailure[];
  /** Those to be made that are there, wherever they lie: another run has made them, or this one, and the answer was lost. */
  readonly met: readonly PlacedPartition[];
  /** How many were not tried, as time was up. */
  readonly left: number;
}

export const ALL_WRITTEN: Unwritten = { failures: [], met: [], left: 0 };

/**
 * Writes partitions in as few calls as Glue's limits allow. Batches answer with success though single partitions fail:
 * their errors are read, and the transient ones tried again.
 */
export async function writePartitions(
  address: GlueAddress,
  work: PartitionWork,
  { onWritten, isTimeUp }: WriteOptions,
): Promise<Unwritten> {
  const { action } = work;
  const failures: PartitionFailure[] = [];
  const met: PlacedPartition[] = [];
  let left = 0;
  const batches = toBatches(work.partitions, BATCH[action]);
  await forEachConcurrently(batches, BATCHES_AT_ONCE, async (batch) => {
    address.signal?.throwIfAborted();
    if (isTimeUp()) {
      left += batch.length;
      return;
    }
    const failed = await writeBatch(address, work, batch);
    failures.push(...failed.failures);
    met.push(...failed.met);
    onWritten({ action, partitions: batch.length - failed.failures.length });
  });
  return { failures, met, left };
}

function* toBatches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(
  address: GlueAddress,
  work: PartitionWork,
  batch: readonly PlacedPartition[],
): Promise<Pick<Unwritten, "failures" | "met">> {
  const failures: PartitionFailure[] = [];
  const met: PlacedPartition[] = [];
  let places = new Map(batch.map((place) => [printId(place), place]));
  for (let tries = 1; places.size > 0; tries++) {
    const again = new Map<string, PlacedPartition>();
    for (const failure of await send(address, work, [...places.values()])) {
      const place = places.get(printId(failure));
      if (isDone(work.action, failure)) {
        if (work.action === "create" && place !== undefined) met.push(place);
      } else if (tries < TRIES && place !== undefined && TRANSIENT.test(failure.code)) {
        again.set(printId(failure), place);
      } else failures.push(failure);
    }
    places = again;
    if (places.size > 0) await setTimeout(FIRST_WAIT_MS * 2 ** tries, undefined, { signal: address.signal });
  }
  return { failures, met };
}

function printId({ values }: { readonly values: readonly string[] }): string {
  return values.join("\n");
}

function isDone(action: PartitionAction, { code }: PartitionFailure): boolean {
  return (
    (action === "create" && code === "AlreadyExistsException") ||
    (action === "delete" && code === "EntityNotFoundException")
  );
}

async function send(
  address: GlueAddress,
  work: PartitionWork,
  places: readonly PlacedPartition[],
): Promise<PartitionFailure[]> {
  const { table } = work;
  const call = { action: ACTIONS[work.action], resource: `the table ${address.database}.${table}` };
  const errors = await explained(call, async () => {
    try {
      return await SENDERS[work.action](address, work, places);
    } catch (error) {
      if (isAwsError(error, "EntityNotFoundException"))
        throw new StaleCatalog(`${table} is gone`, { cause: error });
      throw error;
    }
  });
  return errors.map(({ PartitionValues = [], ErrorDetail, PartitionValueList = PartitionValues }) => ({
    table,
    values: PartitionValueList,
    code: ErrorDetail?.ErrorCode ?? "",
    message: ErrorDetail?.ErrorMessage ?? "",
  }));
}

const ACTIONS = {
  create: "glue:BatchCreatePartition",
  update: "glue:BatchUpdatePartition",
  delete: "glue:BatchDeletePartition",
} as const;

/** An item of Glue's `Errors`, which names the values in one of two ways. */
interface ItemError {
  readonly PartitionValues?: string[] | undefined;
  readonly PartitionValueList?: string[] | undefined;
  readonly ErrorDetail?:
    { readonly ErrorCode?: string | undefined; readonly ErrorMessage?: string | undefined } | undefined;
}

type Sender = (
  address: GlueAddress,
  work: PartitionWork,
  places: readonly PlacedPartition[],
) => Promise<readonly ItemError[]>;

const SENDERS: Readonly<Record<PartitionAction, Sender>> = {
  create: async ({ client, database, signal }, { table, definition }, places) => {
    const PartitionInputList = places.map((place) => makePartitionInput(place, definition));
    const command = { DatabaseName: database, TableName: table, PartitionInputList };
    const { Errors = [] } = await client.send(new BatchCreatePartitionCommand(command), withSignal(signal));
    return Errors;
  },
  update: async ({ client, database, signal }, { table, definition }, places) => {
    const Entries = places.map((place) => {
      const input: PartitionInput = makePartitionInput(place, definition);
      return { PartitionValueList: input.Values, PartitionInput: input };
    });
    const command = { DatabaseName: database, TableName: table, Entries };
    const { Errors = [] } = await client.send(new BatchUpdatePartitionCommand(command), withSignal(signal));
    return Errors;
  },
  delete: async ({ client, database, signal }, { table }, places) => {
    const PartitionsToDelete = places.map(({ values }) => ({ Values: [...values] }));
    const command = { DatabaseName: database, TableName: table, PartitionsToDelete };
    const { Errors = [] } = await client.send(new BatchDeletePartitionCommand(command), withSignal(signal));
    return Errors;
  },
};
