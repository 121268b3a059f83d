import Table from "cli-table3";
import type { Value } from "../../warehouse/warehouse.ts";
import { printSafe } from "./safe-text.ts";

const PAGE_ROWS = 500;
/** A column narrower than this says too little: the rows are then printed one field a line. */
const NARROWEST = 9;
/** A column's own frame: a line and two spaces. */
const FRAME = 3;

export interface TableOptions {
  /** Columns of the terminal; undefined for no limit. */
  readonly width: number | undefined;
}

/** Prints rows as a table that fits the terminal, in pages of equal layout, so that any number of rows can pass. */
export async function* printTable(
  columns: readonly string[],
  rows: AsyncIterable<readonly (readonly Value[])[]>,
  { width }: TableOptions,
): AsyncGenerator<string> {
  let layout: number[] | undefined | "fields";
  let printed = 0;
  for await (const batch of rows) {
    for (let start = 0; start < batch.length; start += PAGE_ROWS) {
      const page = batch.slice(start, start + PAGE_ROWS).map((row) => row.map(printCell));
      layout ??= fitColumns(columns, page, width) ?? "fields";
      yield layout === "fields"
        ? printFields(columns, page, { width, printed })
        : printPage(columns, page, { layout, printed });
      printed += page.length;
    }
  }
  if (printed === 0) yield printPage(columns, [], { layout: undefined, printed });
}

/** A few rows at once, for reports. */
export function printSmallTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  return printPage(
    head,
    rows.map((row) => row.map(printCell)),
    { layout: undefined, printed: 0 },
  );
}

export function printCell(value: Value): string {
  if (value === null) return "";
  return printSafe(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** Widths for cli-table3, which count the spaces around a cell; undefined where the columns do not fit. */
function fitColumns(
  columns: readonly string[],
  page: readonly (readonly string[])[],
  width = Infinity,
): number[] | undefined {
  const wanted = columns.map((name, index) => {
    const longest = page.reduce(
      (most, row) => Math.max(most, row[index]?.length ?? 0),
      printSafe(name).length,
    );
    return longest + 2;
  });
  const available = width - 1 - columns.length;
  if (wanted.reduce((sum, each) => sum + each, 0) <= available) return wanted;
  if (available < columns.length * NARROWEST) return undefined;
  return shrink(wanted, available);
}

/** Takes from the widest columns first. */
function shrink(wanted: readonly number[], available: number): number[] {
  let limit = Math.max(...wanted);
  const total = (): number => wanted.reduce((sum, each) => sum + Math.min(each, limit), 0);
  while (limit > NARROWEST && total() > available) limit--;
  return wanted.map((each) => Math.min(each, limit));
}

interface PageOptions {
  readonly layout: number[] | undefined;
  readonly printed: number;
}

function printPage(
  columns: readonly string[],
  page: readonly (readonly string[])[],
  { layout, printed }: PageOptions,
): string {
  const table = new Table({
    ...(printed === 0
      ? { head: columns.map(printSafe) }
      : { chars: { top: "", "top-mid": "", "top-left": "", "top-right": "" } }),
    ...(layout === undefined ? {} : { colWidths: layout }),
    style: { head: [], border: [], compact: true },
  });
  table.push(...page.map((row) => [...row]));
  return `${table.toString()}\n`;
}

interface FieldsOptions extends TableOptions {
  readonly printed: number;
}

/** One field a line, absent ones left out, each cut at the terminal's edge. */
function printFields(
  columns: readonly string[],
  page: readonly (readonly string[])[],
  { width = 80, printed }: FieldsOptions,
): string {
  const names = columns.map(printSafe);
  const margin = Math.max(...names.map(({ length }) => length));
  const room = Math.max(width - margin - FRAME, NARROWEST);
  return page
    .map((row, index) => {
      const lines = row.flatMap((cell, column) =>
        cell === ""
          ? []
          : [
              `${(names[column] ?? "").padEnd(margin)} | ${cell.length > room ? `${cell.slice(0, room - 1)}…` : cell}`,
            ],
      );
      return [`-- row ${printed + index + 1} `.padEnd(Math.min(width, 60), "-"), ...lines].join("\n") + "\n";
    })
    .join("");
}
