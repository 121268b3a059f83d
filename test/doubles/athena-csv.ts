/** A row as text; undefined for NULL. */
export type TextRow = readonly (string | undefined)[];

/** A result file as Athena writes it: every value in quotes, NULL as nothing at all. */
export function printCsv(header: readonly string[], rows: readonly TextRow[]): string {
  return [header, ...rows].map((row) => `${row.map(printField).join(",")}\n`).join("");
}

function printField(value: string | undefined): string {
  return value === undefined ? "" : `"${value.replaceAll('"', '""')}"`;
}
