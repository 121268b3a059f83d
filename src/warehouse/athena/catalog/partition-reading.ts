import type { Partition as GluePartition } from "@aws-sdk/client-glue";
import { forEachConcurrently } from "../../../core/for-each-concurrently.ts";
import type { GlueAddress, PartitionSegment } from "./glue-reader.ts";
import { listPartitions } from "./glue-reader.ts";

/** Glue's most for one table, and as many tables at once. */
export const SEGMENTS = 10;
const LISTINGS_AT_ONCE = 10;

/** Takes in the partitions of a table. */
export interface PartitionReading {
  /** Of the table. */
  readonly name: string;
  /** In how many parts at once it is read; none where nothing is registered. */
  readonly segments: number;
  add(partition: GluePartition): void;
}

/** Reads the partitions of tables, 1,000 a call. */
export async function readAll(
  address: GlueAddress,
  readings: readonly PartitionReading[],
  onPartitions?: (count: number) => void,
): Promise<void> {
  let read = 0;
  await forEachConcurrently(listSegments(readings), LISTINGS_AT_ONCE, async ({ reading, ...segment }) => {
    for await (const page of listPartitions(address, segment)) {
      page.forEach((partition) => reading.add(partition));
      onPartitions?.((read += page.length));
    }
  });
}

function* listSegments(
  readings: readonly PartitionReading[],
): Generator<PartitionSegment & { readonly reading: PartitionReading }> {
  for (const reading of readings) {
    const { name, segments } = reading;
    for (let segment = 0; segment < segments; segment++) yield { table: name, segment, segments, reading };
  }
}
