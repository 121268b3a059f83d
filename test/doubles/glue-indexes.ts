import type {
  CreatePartitionIndexCommandInput,
  DeletePartitionIndexCommandInput,
  GetPartitionIndexesCommandInput,
  PartitionIndex,
} from "@aws-sdk/client-glue";
import type { JsonOperations } from "./aws-json.ts";
import { AwsError, need } from "./aws-json.ts";
import type { GlueCatalog, StoredTable } from "./glue-catalog.ts";
import { findTable } from "./glue-catalog.ts";

const MOST_INDEXES = 3;

/** Glue's operations on partition indexes, which are active at once. */
export function makeIndexOperations(catalog: GlueCatalog): JsonOperations {
  return {
    CreatePartitionIndex: ({ DatabaseName, TableName, PartitionIndex }: CreatePartitionIndexCommandInput) => {
      const table = findTable(catalog, DatabaseName, TableName);
      if (table.indexes.length >= MOST_INDEXES) {
        throw new AwsError("ResourceNumberLimitExceededException", "Number of partition indexes exceeds 3.");
      }
      table.indexes.push(checkIndex(table, need(PartitionIndex, "partitionIndex")));
      return {};
    },
    GetPartitionIndexes: ({ DatabaseName, TableName }: GetPartitionIndexesCommandInput) => {
      const { indexes, input } = findTable(catalog, DatabaseName, TableName);
      const types = new Map(input.PartitionKeys?.map(({ Name, Type }) => [Name, Type]));
      return {
        PartitionIndexDescriptorList: indexes.map(({ IndexName, Keys }) => ({
          IndexName,
          Keys: Keys?.map((Name) => ({ Name, Type: types.get(Name) })),
          IndexStatus: "ACTIVE",
        })),
      };
    },
    DeletePartitionIndex: ({ DatabaseName, TableName, IndexName }: DeletePartitionIndexCommandInput) => {
      const { indexes } = findTable(catalog, DatabaseName, TableName);
      const at = indexes.findIndex((index) => index.IndexName === IndexName);
      if (at < 0) throw new AwsError("EntityNotFoundException", `Partition index ${IndexName} not found.`);
      indexes.splice(at, 1);
      return {};
    },
  };
}

/** @throws AwsError where the table has one of this name, or no such key */
export function checkIndex({ indexes, input }: StoredTable, index: PartitionIndex): PartitionIndex {
  const name = need(index.IndexName, "partitionIndex.indexName");
  if (indexes.some(({ IndexName }) => IndexName === name)) {
    throw new AwsError("AlreadyExistsException", `Partition index ${name} already exists.`);
  }
  const keys = new Set(input.PartitionKeys?.map(({ Name }) => Name));
  const unknown = index.Keys?.find((key) => !keys.has(key));
  if (unknown === undefined) return index;
  throw new AwsError("InvalidInputException", `Index key ${unknown} is no partition key.`);
}
