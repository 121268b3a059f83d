/** The first line of a DuckDB message, without the quotation of the SQL that follows. */
export function firstLine(message: string): string {
  return message.trim().split("\n")[0] ?? "";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
