import { expect, test } from "vitest";
import { measureScan } from "./result.ts";

test.each([
  ["a query", { StatementType: "DML", bytes: 1024 ** 4, reused: false }, 5],
  ["a query that scans nothing", { StatementType: "DML", bytes: 0, reused: false }, 0.0000477],
  ["DDL", { StatementType: "DDL", bytes: 0, reused: false }, 0],
  ["SHOW", { StatementType: "UTILITY", bytes: 0, reused: false }, 0],
  ["EXPLAIN ANALYZE", { StatementType: "UTILITY", bytes: 1024 ** 4, reused: false }, 5],
  ["an answer of before", { StatementType: "DML", bytes: 0, reused: true }, 0],
] as const)("%s costs what Athena bills", (_, { StatementType, bytes, reused }, dollars) => {
  const Statistics = { DataScannedInBytes: bytes, ResultReuseInformation: { ReusedPreviousResult: reused } };
  const scan = measureScan({ StatementType, Statistics });
  expect(scan).toEqual({ bytes, dollars: expect.closeTo(dollars, 7), reused });
});
