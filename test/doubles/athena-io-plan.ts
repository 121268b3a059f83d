import type { Bound, Domain } from "./athena-domain.ts";
import type { Scan } from "./athena-scans.ts";

const UNKNOWN = {
  outputRowCount: "NaN",
  outputSizeInBytes: "NaN",
  cpuCost: "NaN",
  maxMemory: "NaN",
  networkCost: "NaN",
};

/** What EXPLAIN (TYPE IO, FORMAT JSON) answers: each table once for every set of conditions on it. */
export function printIoPlan(scans: readonly Scan[]): string {
  const infos = scans.map(({ table, conditions }) => ({
    table: { catalog: "awsdatacatalog", schemaTable: { schema: table.schema, table: table.name } },
    constraint: {
      none: false,
      columnConstraints: [...conditions].map(([columnName, domain]) => ({
        columnName,
        type: printKeyType(domain),
        domain: { nullsAllowed: false, ranges: domain.map(printRange) },
      })),
    },
    estimate: UNKNOWN,
  }));
  const unique = [...new Map(infos.map((info) => [JSON.stringify(info), info])).values()];
  return JSON.stringify({ inputTableColumnInfos: unique, estimate: UNKNOWN }, undefined, 2);
}

function printKeyType(domain: Domain): string {
  const value = domain[0]?.low?.value ?? domain[0]?.high?.value;
  return typeof value === "number" ? "integer" : "varchar";
}

function printRange({ low, high }: Domain[number]): object {
  return { low: printBound(low, "ABOVE"), high: printBound(high, "BELOW") };
}

function printBound(bound: Bound | undefined, open: string): object {
  if (bound === undefined) return { bound: open };
  return { value: String(bound.value), bound: bound.inclusive ? "EXACTLY" : open };
}
