import type {
  BatchDeleteTableCommandInput,
  CreateDatabaseCommandInput,
  CreateTableCommandInput,
  DeleteTableCommandInput,
  GetDatabaseCommandInput,
  GetTableCommandInput,
  GetTablesCommandInput,
  TableInput,
  UpdateTableCommandInput,
} from "@aws-sdk/client-glue";
import type { JsonOperations } from "./aws-json.ts";
import { AwsError, checkLength, checkRange, checkText, need } from "./aws-json.ts";
import type { GlueCatalog } from "./glue-catalog.ts";
import { addDatabase, addTable, findDatabase, findTable, now, toDatabase, toTable } from "./glue-catalog.ts";
import { checkIndex } from "./glue-indexes.ts";

const LARGEST_PAGE = 100;
const LONGEST_VIEW_TEXT = 409_600;
const LONGEST_NAME = 255;

/** Glue's operations on databases and tables. */
export function makeTableOperations(catalog: GlueCatalog): JsonOperations {
  return {
    GetDatabase: ({ Name }: GetDatabaseCommandInput) => ({
      Database: toDatabase(catalog, findDatabase(catalog, Name)),
    }),
    GetDatabases: () => ({
      DatabaseList: [...catalog.databases.values()].map((database) => toDatabase(catalog, database)),
    }),
    CreateDatabase: ({ DatabaseInput }: CreateDatabaseCommandInput) => {
      const input = need(DatabaseInput, "databaseInput");
      checkText(input.Name, "databaseInput.name", LONGEST_NAME);
      addDatabase(catalog, input);
      return {};
    },
    DeleteDatabase: ({ Name }: GetDatabaseCommandInput) => {
      findDatabase(catalog, Name);
      catalog.databases.delete(Name!.toLowerCase());
      return {};
    },
    GetTable: ({ DatabaseName, Name }: GetTableCommandInput) => ({
      Table: toTable(catalog, need(DatabaseName, "databaseName"), findTable(catalog, DatabaseName, Name)),
    }),
    GetTables: (input: GetTablesCommandInput) => listTables(catalog, input),
    CreateTable: ({ DatabaseName, TableInput: given, PartitionIndexes = [] }: CreateTableCommandInput) => {
      const input = need(given, "tableInput");
      checkTable(input);
      checkLength(PartitionIndexes, "partitionIndexes", 3);
      const table = addTable(catalog, DatabaseName, input);
      for (const index of PartitionIndexes) table.indexes.push(checkIndex(table, index));
      return {};
    },
    UpdateTable: (input: UpdateTableCommandInput) => updateTable(catalog, input),
    DeleteTable: ({ DatabaseName, Name }: DeleteTableCommandInput) => {
      findTable(catalog, DatabaseName, Name);
      findDatabase(catalog, DatabaseName).tables.delete(Name!.toLowerCase());
      return {};
    },
    BatchDeleteTable: ({ DatabaseName, TablesToDelete = [] }: BatchDeleteTableCommandInput) => {
      checkLength(TablesToDelete, "tablesToDelete", 100);
      const { tables } = findDatabase(catalog, DatabaseName);
      const missing = TablesToDelete.filter((name) => !tables.delete(name.toLowerCase()));
      return {
        Errors: missing.map((TableName) => ({
          TableName,
          ErrorDetail: {
            ErrorCode: "EntityNotFoundException",
            ErrorMessage: `Table ${TableName} not found.`,
          },
        })),
      };
    },
  };
}

function listTables(
  catalog: GlueCatalog,
  { DatabaseName, Expression, MaxResults, NextToken }: GetTablesCommandInput,
): object {
  checkRange(MaxResults, "maxResults", [1, LARGEST_PAGE]);
  const { tables } = findDatabase(catalog, DatabaseName);
  const isWanted = parseNamePattern(Expression);
  const after = NextToken === undefined ? "" : readToken(NextToken);
  const names = [...tables.keys()].filter((name) => name > after && isWanted(name)).toSorted();
  const page = names.slice(0, MaxResults ?? LARGEST_PAGE);
  return {
    TableList: page.map((name) => toTable(catalog, DatabaseName!, tables.get(name)!)),
    ...(page.length < names.length ? { NextToken: Buffer.from(`t:${page.at(-1)}`).toString("base64") } : {}),
  };
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString();
  if (text.startsWith("t:")) return text.slice(2);
  throw new AwsError("InvalidInputException", "The pagination token is not valid.");
}

/** A Java pattern that the whole name must match. */
function parseNamePattern(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined || pattern === "") return () => true;
  const quoted = pattern.replaceAll(/\\Q([\s\S]*?)\\E/g, (_, text: string) =>
    text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  try {
    const expression = new RegExp(`^(?:${quoted})$`);
    return (name) => expression.test(name);
  } catch {
    throw new AwsError("InvalidInputException", `Invalid regular expression: ${pattern}`);
  }
}

function updateTable(catalog: GlueCatalog, input: UpdateTableCommandInput): object {
  const next = need(input.TableInput, "tableInput");
  checkTable(next);
  const table = findTable(catalog, input.DatabaseName, next.Name);
  if (input.VersionId !== undefined && input.VersionId !== String(table.version)) {
    throw new AwsError(
      "ConcurrentModificationException",
      "Update table failed due to concurrent modifications.",
    );
  }
  table.input = { ...next, Name: table.input.Name };
  table.version += 1;
  table.archived += input.SkipArchive === true ? 0 : 1;
  table.updated = now(catalog.place);
  return {};
}

function checkTable({ Name, ViewOriginalText, ViewExpandedText }: TableInput): void {
  checkText(Name, "tableInput.name", LONGEST_NAME);
  checkText(ViewOriginalText, "tableInput.viewOriginalText", LONGEST_VIEW_TEXT);
  checkText(ViewExpandedText, "tableInput.viewExpandedText", LONGEST_VIEW_TEXT);
}
