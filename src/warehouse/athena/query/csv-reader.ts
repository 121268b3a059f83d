/** A row of texts; NULL is null. */
export type TextRow = readonly (string | null)[];

/** What was read is not what Athena writes. */
export class NotCsvError extends Error {}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;

/**
 * Reads CSV piece by piece, as Athena writes it: every value in quotes, which are doubled within, and NULL as nothing at
 * all. Parsers of all dialects tell `""` from nothing in a callback for each value, which makes them slower than Athena's
 * own pages.
 */
export class CsvReader {
  /** The beginning of a record whose end is still to come. */
  #pending = "";
  #isQuoted = false;
  #width: number | undefined;

  /**
   * Gives the rows that have come to their end.
   * @throws NotCsvError
   */
  push(piece: string): TextRow[] {
    const rows: TextRow[] = [];
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === QUOTE) this.#isQuoted = !this.#isQuoted;
      if (code !== LINE_FEED || this.#isQuoted) continue;
      rows.push(this.#parse(this.#pending + piece.slice(start, at)));
      this.#pending = "";
      start = at + 1;
    }
    this.#pending += piece.slice(start);
    return rows;
  }

  /** Gives the last row, where no line break stands behind it. */
  end(): TextRow[] {
    if (this.#isQuoted) throw new NotCsvError("the CSV ends within a value");
    return this.#pending === "" ? [] : [this.#parse(this.#pending)];
  }

  #parse(record: string): TextRow {
    const row = parseRecord(record.endsWith("\r") ? record.slice(0, -1) : record);
    this.#width ??= row.length;
    if (row.length === this.#width) return row;
    throw new NotCsvError(`a row of the CSV has ${row.length} values, and the first has ${this.#width}`);
  }
}

function parseRecord(record: string): TextRow {
  const row: (string | null)[] = [];
  for (let at = 0; ; at++) {
    const end = record.charCodeAt(at) === QUOTE ? findClosingQuote(record, at) + 1 : findComma(record, at);
    row.push(readField(record, at, end));
    if (end === record.length) return row;
    if (record.charCodeAt(end) !== COMMA)
      throw new NotCsvError("there is text behind a value's quotes in the CSV");
    at = end;
  }
}

function findComma(record: string, from: number): number {
  const comma = record.indexOf(",", from);
  return comma < 0 ? record.length : comma;
}

/** Quotes are even in number within a record: there is one. */
function findClosingQuote(record: string, opening: number): number {
  let quote = record.indexOf('"', opening + 1);
  while (record.charCodeAt(quote + 1) === QUOTE) quote = record.indexOf('"', quote + 2);
  return quote;
}

function readField(record: string, start: number, end: number): string | null {
  if (start === end) return null;
  if (record.charCodeAt(start) !== QUOTE) return record.slice(start, end);
  const text = record.slice(start + 1, end - 1);
  return text.includes('"') ? text.replaceAll('""', '"') : text;
}
