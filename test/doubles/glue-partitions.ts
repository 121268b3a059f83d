import type {
  BatchCreatePartitionCommandInput,
  BatchDeletePartitionCommandInput,
  BatchGetPartitionCommandInput,
  BatchUpdatePartitionCommandInput,
  CreatePartitionCommandInput,
  GetPartitionCommandInput,
  GetPartitionsCommandInput,
  PartitionInput,
} from "@aws-sdk/client-glue";
import type { JsonOperations } from "./aws-json.ts";
import { AwsError, checkLength, checkRange, checkText, JsonText, need } from "./aws-json.ts";
import type { GlueCatalog, StoredTable } from "./glue-catalog.ts";
import { findTable, now } from "./glue-catalog.ts";
import { parsePartitionFilter } from "./glue-expression.ts";
import type { PrintOptions, StoredPartition } from "./glue-partition-list.ts";
import { printPartition } from "./glue-partition-list.ts";

const MOST_CREATED = 100;
const MOST_UPDATED = 100;
const MOST_DELETED = 25;
const MOST_READ = 1000;
const MOST_SEGMENTS = 10;
const LONGEST_EXPRESSION = 2048;
const LONGEST_VALUE = 1024;

export interface PartitionBehaviour {
  /** BatchGetPartition leaves what comes behind this many in UnprocessedKeys. */
  processedKeys: number;
}

/** Glue's operations on partitions. */
export function makePartitionOperations(catalog: GlueCatalog, behaviour: PartitionBehaviour): JsonOperations {
  return {
    GetPartitions: (input: GetPartitionsCommandInput) => listPartitions(catalog, input),
    GetPartition: (input: GetPartitionCommandInput) => {
      const found = findTable(catalog, input.DatabaseName, input.TableName).partitions.find(
        input.PartitionValues ?? [],
      );
      if (found === undefined) {
        throw new AwsError(
          "EntityNotFoundException",
          `Cannot find partition. ${describe(input.PartitionValues)}`,
        );
      }
      return new JsonText(`{"Partition":${printPartition(found, toPrintOptions(catalog, input))}}`);
    },
    BatchGetPartition: (input: BatchGetPartitionCommandInput) => readBatch(catalog, input, behaviour),
    CreatePartition: (input: CreatePartitionCommandInput) => {
      const table = findTable(catalog, input.DatabaseName, input.TableName);
      const partition = need(input.PartitionInput, "partitionInput");
      checkPartition(table, partition);
      if (table.partitions.create(partition, now(catalog.place))) return {};
      throw new AwsError("AlreadyExistsException", "Partition already exists.");
    },
    BatchCreatePartition: (input: BatchCreatePartitionCommandInput) => {
      const list = need(input.PartitionInputList, "partitionInputList");
      checkLength(list, "partitionInputList", MOST_CREATED);
      const table = findTable(catalog, input.DatabaseName, input.TableName);
      for (const partition of list) checkPartition(table, partition);
      const created = now(catalog.place);
      const refused = list.filter((partition) => !table.partitions.create(partition, created));
      return {
        Errors: refused.map(({ Values }) => ({
          PartitionValues: Values,
          ErrorDetail: { ErrorCode: "AlreadyExistsException", ErrorMessage: "Partition already exists." },
        })),
      };
    },
    BatchUpdatePartition: (input: BatchUpdatePartitionCommandInput) => {
      const entries = need(input.Entries, "entries");
      checkLength(entries, "entries", MOST_UPDATED);
      const table = findTable(catalog, input.DatabaseName, input.TableName);
      for (const { PartitionInput } of entries) checkPartition(table, need(PartitionInput, "partitionInput"));
      const refused = entries.filter(
        (entry) => !table.partitions.update(entry.PartitionValueList ?? [], entry.PartitionInput!),
      );
      return {
        Errors: refused.map(({ PartitionValueList }) => ({ PartitionValueList, ErrorDetail: NOT_FOUND })),
      };
    },
    BatchDeletePartition: (input: BatchDeletePartitionCommandInput) => {
      const list = need(input.PartitionsToDelete, "partitionsToDelete");
      checkLength(list, "partitionsToDelete", MOST_DELETED);
      const table = findTable(catalog, input.DatabaseName, input.TableName);
      const refused = list.filter(({ Values }) => !table.partitions.remove(Values ?? []));
      return {
        Errors: refused.map(({ Values }) => ({ PartitionValues: Values, ErrorDetail: NOT_FOUND })),
      };
    },
  };
}

const NOT_FOUND = { ErrorCode: "EntityNotFoundException", ErrorMessage: "Partition not found." };

function listPartitions(catalog: GlueCatalog, input: GetPartitionsCommandInput): object {
  checkRange(input.MaxResults, "maxResults", [1, MOST_READ]);
  checkText(input.Expression, "expression", LONGEST_EXPRESSION);
  const segment = {
    SegmentNumber: need(input.Segment?.SegmentNumber ?? 0, "segmentNumber"),
    TotalSegments: input.Segment?.TotalSegments ?? 1,
  };
  checkRange(segment.TotalSegments, "segment.totalSegments", [1, MOST_SEGMENTS]);
  checkRange(segment.SegmentNumber, "segment.segmentNumber", [0, segment.TotalSegments - 1]);
  const { partitions, input: table } = findTable(catalog, input.DatabaseName, input.TableName);
  const { found, more } = partitions.listPage({
    segment,
    after: input.NextToken === undefined ? 0 : readToken(input.NextToken, segment.SegmentNumber),
    limit: input.MaxResults ?? MOST_READ,
    filter: parsePartitionFilter(input.Expression, table.PartitionKeys ?? []),
  });
  const options = toPrintOptions(catalog, input, input.ExcludeColumnSchema !== true);
  const token = more ? `,"NextToken":"${printToken(found.at(-1)!, segment.SegmentNumber)}"` : "";
  const texts = found.map((stored) => printPartition(stored, options));
  return new JsonText(`{"Partitions":[${texts.join(",")}]${token}}`);
}

function printToken({ sequence }: StoredPartition, segment: number): string {
  return Buffer.from(`p:${segment}:${sequence}`).toString("base64");
}

function readToken(token: string, segment: number): number {
  const [kind, of, sequence] = Buffer.from(token, "base64").toString().split(":");
  if (kind === "p" && Number(of) === segment) return Number(sequence);
  throw new AwsError("InvalidInputException", "The pagination token is not valid.");
}

function readBatch(
  catalog: GlueCatalog,
  input: BatchGetPartitionCommandInput,
  { processedKeys }: PartitionBehaviour,
): object {
  const list = need(input.PartitionsToGet, "partitionsToGet");
  checkLength(list, "partitionsToGet", MOST_READ);
  const { partitions } = findTable(catalog, input.DatabaseName, input.TableName);
  const options = toPrintOptions(catalog, input);
  const found = list.slice(0, processedKeys).flatMap(({ Values }) => partitions.find(Values ?? []) ?? []);
  const texts = found.map((stored) => printPartition(stored, options));
  const left = JSON.stringify(list.slice(processedKeys));
  return new JsonText(`{"Partitions":[${texts.join(",")}],"UnprocessedKeys":${left}}`);
}

function toPrintOptions(
  { place }: GlueCatalog,
  { DatabaseName, TableName }: Pick<GetPartitionsCommandInput, "DatabaseName" | "TableName">,
  withColumns = true,
): PrintOptions {
  const common = {
    DatabaseName: DatabaseName?.toLowerCase(),
    TableName: TableName?.toLowerCase(),
    CatalogId: place.account,
  };
  return { common: JSON.stringify(common).slice(1, -1), withColumns };
}

function checkPartition({ input }: StoredTable, { Values = [] }: PartitionInput): void {
  for (const value of Values) checkText(value, "partitionInput.values", LONGEST_VALUE);
  if (Values.length === (input.PartitionKeys?.length ?? 0)) return;
  throw new AwsError(
    "InvalidInputException",
    "The number of partition keys do not match the number of partition values",
  );
}

function describe(values: readonly string[] | undefined): string {
  return `values: ${values?.join(", ")}`;
}
