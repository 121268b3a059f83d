import { expect, test } from "vitest";
import { countScans } from "./scan-count.ts";

test("countScans counts a table as often as it is read", () => {
  const plan = [
    "Fragment 0 [SINGLE]",
    "    Output layout: [count]",
    "    Aggregate[type = FINAL]",
    "    │   Layout: [count:bigint]",
    "    └─ InnerJoin[criteria = (a = b)]",
    "       ├─ ScanFilterProject[table = awsdatacatalog:security:cloudtrail_1, filterPredicate = (x = 'y')]",
    "       │      Layout: [a:varchar]",
    "       └─ TableScan[table = awsdatacatalog:security:cloudtrail_1]",
    "    ScanFilter[table = awsdatacatalog:security:cloudtrail_2, grouped = false, dynamicFilters = {}]",
    "    ScanProject[table = awsdatacatalog:other:cloudtrail_2]",
  ].join("\n");
  expect(countScans(plan)).toEqual(
    new Map([
      ["security.cloudtrail_1", 2],
      ["security.cloudtrail_2", 1],
      ["other.cloudtrail_2", 1],
    ]),
  );
});

test("countScans reads the plans of older engines", () => {
  const plan =
    "    - TableScan[awsdatacatalog:HiveTableHandle{schemaName=security, tableName=cloudtrail_1, analyzePartitionValues=Optional.empty}] => [[a]]";
  expect(countScans(plan)).toEqual(new Map([["security.cloudtrail_1", 1]]));
});

test("countScans counts nothing where it knows nothing", () => {
  expect(countScans("SELECT * FROM cloudtrail\nfilterPredicate = TableScan[table = a:b:c]")).toEqual(
    new Map(),
  );
});
