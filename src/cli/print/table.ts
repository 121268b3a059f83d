import Table from "cli-table3";
import stringWidth from "string-width";
import type { Value } from "../../warehouse/warehouse.ts";
import { printSafe } from "../../core/safe-text.ts";

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
  let layout: Layout;
  let printed = 0;
  for await (const batch of rows) {
    for (let start = 0; start < batch.length; start += PAGE_ROWS) {
      const page = batch.slice(start, start + PAGE_ROWS).map((row) => row.map(printCell));
      const fitting = fitColumns(columns, page, width);
      const head = !isRoomyEnough(layout, fitting);
      if (head) layout = fitting;
      yield layout === "fields"
        ? printFields(columns, page, { width, printed })
        : printPage(columns, page, { layout, head });
      printed += page.length;
    }
  }
  if (printed === 0) yield printPage(columns, [], { layout: undefined, head: true });
}

/** Widths of columns, or one field a line; undefined before the first page. */
type Layout = readonly number[] | "fields" | undefined;

/** Whether a page can be laid out as the ones before it; if not, it begins anew with a head. */
function isRoomyEnough(layout: Layout, fitting: Layout): boolean {
  if (layout === "fields" || layout === undefined) return layout === "fields";
  return fitting !== "fields" && layout.every((width, index) => width >= (fitting?.[index] ?? 0));
}

/** A few rows at once, for reports. */
export function printSmallTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  return printPage(
    head,
    rows.map((row) => row.map(printCell)),
    { layout: undefined, head: true },
  );
}

export function printCell(value: Value): string {
  if (value === null) return "";
  return printSafe(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** Widths as cli-table3 counts them, with the spaces around a cell; one field a line where the columns do not fit. */
function fitColumns(
  columns: readonly string[],
  page: readonly (readonly string[])[],
  width = Infinity,
): readonly number[] | "fields" {
  const wanted = columns.map((name, index) =>
    page.reduce(
      (most, row) => Math.max(most, stringWidth(row[index] ?? "") + 2),
      stringWidth(printSafe(name)) + 2,
    ),
  );
  const available = width - 1 - columns.length;
  if (wanted.reduce((sum, each) => sum + each, 0) <= available) return wanted;
  return available < columns.length * NARROWEST ? "fields" : shrink(wanted, available);
}

/** Takes from the widest columns first. */
function shrink(wanted: readonly number[], available: number): number[] {
  let limit = Math.max(...wanted);
  const total = (): number => wanted.reduce((sum, each) => sum + Math.min(each, limit), 0);
  while (limit > NARROWEST && total() > available) limit--;
  return wanted.map((each) => Math.min(each, limit));
}

interface PageOptions {
  /** Undefined to let the cells decide. */
  readonly layout: readonly number[] | undefined;
  readonly head: boolean;
}

function printPage(
  columns: readonly string[],
  page: readonly (readonly string[])[],
  { layout, head }: PageOptions,
): string {
  const table = new Table({
    ...(head
      ? { head: columns.map(printSafe) }
      : { chars: { top: "", "top-mid": "", "top-left": "", "top-right": "" } }),
    ...(layout === undefined ? {} : { colWidths: [...layout] }),
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
  const margin = Math.max(...names.map((name) => stringWidth(name)));
  const room = Math.max(width - margin - FRAME, NARROWEST);
  const printRow = (row: readonly string[], index: number): string => {
    const title = `-- row ${printed + index + 1} `.padEnd(Math.min(width, 60), "-");
    const lines = row.flatMap((cell, column) =>
      cell === "" ? [] : [`${padTo(names[column] ?? "", margin)} | ${cutTo(cell, room)}`],
    );
    return `${[title, ...lines].join("\n")}\n`;
  };
  return page.map(printRow).join("");
}

function padTo(text: string, width: number): string {
  return text + " ".repeat(width - stringWidth(text));
}

/** Cuts between characters, by the columns that they take on a terminal. */
function cutTo(text: string, width: number): string {
  if (text.length <= width && stringWidth(text) <= width) return text;
  let taken = 0;
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, width * 4))) {
    taken += stringWidth(segment);
    if (taken > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
