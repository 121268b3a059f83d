import type { Scan } from "./athena-scans.ts";

/** What EXPLAIN answers, but for all nodes that are no scans: a table that is read twice stands there twice. */
export function printPlan(scans: readonly Scan[]): string {
  const nodes = scans.map(
    ({ table: { schema, name } }) =>
      `        └─ ScanFilterProject[table = awsdatacatalog:${schema}:${name}, filterPredicate = true]`,
  );
  return ["Fragment 0 [SINGLE]", "    Output[columnNames = [...]]", ...nodes].join("\n");
}
