import type { LakeContent, LakeTable } from "../../core/catalog.ts";
import { COVERAGE_TABLE, DATASET_TABLES } from "../../core/lake/lake-columns.ts";
import type { Dataset } from "../../core/lake/lake-day.ts";
import { DATASETS, printAccountDay } from "../../core/lake/lake-day.ts";
import { printCoverageTable, printLakeTable } from "./lake-sql.ts";

/** What of a lake a table has. */
export type LakePart = Dataset | "coverage";

/** A lake table with what the books note of it. */
export interface BookedLakeTable extends LakeTable {
  readonly part: LakePart;
  readonly lake: Pick<LakeContent, "url" | "coverage">;
}

/**
 * The tables of a lake: those of its records and of its coverage always, be they empty, and those of other datasets where there
 * are such, or have been.
 * @param options.known names of the lake tables that are there
 */
export function defineLakeTables(
  lake: LakeContent,
  { tablePrefix, known }: { readonly tablePrefix: string; readonly known: ReadonlySet<string> },
): ReadonlyMap<string, BookedLakeTable> {
  const datasets = new Set<Dataset>(["data", ...lake.days.map(({ dataset }) => dataset)]);
  const parts = (Object.keys(DATASETS) as Dataset[])
    .map((dataset) => [`${tablePrefix}_${DATASET_TABLES[dataset]}`, dataset] as const)
    .filter(([name, dataset]) => datasets.has(dataset) || known.has(name));
  const all = [...parts, [`${tablePrefix}_${COVERAGE_TABLE}`, "coverage"] as const];
  return new Map(all.map(([name, part]) => [name, defineLakeTable(name, part, lake)]));
}

/** One of a lake's tables. */
export function defineLakeTable(name: string, part: LakePart, lake: LakeContent): BookedLakeTable {
  const { url, coverage } = lake;
  const booked = { name, part, lake: { url, coverage } };
  if (part === "coverage") {
    const file = coverage === undefined ? undefined : `${url}/${coverage}`;
    return { ...booked, days: new Map(), definition: printCoverageTable(file) };
  }
  const days = lake.days.filter(({ dataset }) => dataset === part);
  return {
    ...booked,
    days: new Map(days.map((day) => [printAccountDay(day), day])),
    definition: printLakeTable({ url, dataset: part, days }),
  };
}

/** @throws Error for a table that another warehouse defined */
export function toBookedTable(table: LakeTable): BookedLakeTable {
  if (!("part" in table) || !("lake" in table))
    throw new Error(`the lake table ${table.name} was not defined by this warehouse`);
  return table as BookedLakeTable;
}
