/** Reads CSV as RFC 4180 has it, with LF or CRLF between records. */
export function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const { groups = {} } of text.matchAll(
    /(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^",\r\n]*))(?<end>,|\r?\n|$)/g,
  )) {
    const { quoted, plain, end } = groups;
    if (end === "" && quoted === undefined && plain === "" && record.length === 0) break;
    record.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    records.push(record);
    record = [];
  }
  return records;
}

export type JsonRow = Readonly<Record<string, unknown>>;

export function readNdjson(text: string): JsonRow[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JsonRow);
}

/** The one value of a one-row, one-column answer in JSON. */
export function readValue(text: string): unknown {
  const [row] = JSON.parse(text) as JsonRow[];
  return Object.values(row ?? {})[0];
}

/** What a terminal would act on, beside the end of a line. */
// oxlint-disable-next-line no-control-regex
export const ACTED_ON = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
