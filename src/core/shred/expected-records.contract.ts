import { isUtf8 } from "node:buffer";
import type { Column, ColumnType } from "../columns.ts";
import { RECORD_COLUMNS } from "../columns.ts";
import { FREE_FORM } from "./make-record-shape.ts";
import { splitDocuments, splitElements, splitMembers } from "./split-json.contract.ts";

/** What a column holds: text, structs and maps by name, lists. */
export type Cell = string | null | readonly Cell[] | { readonly [name: string]: Cell };
export type Row = Readonly<Record<string, Cell>>;

/** What shredding a text has to give, by JSON.parse and a naive splitter; undefined where it is to be refused. */
export function expectRecords(bytes: Uint8Array, region: string): Row[] | undefined {
  if (!isUtf8(bytes)) return undefined;
  const documents = splitDocuments(new TextDecoder().decode(bytes));
  const rows: Row[] = [];
  for (const document of documents ?? [null]) {
    const records = document === null ? undefined : findRecords(document);
    if (records === undefined) return undefined;
    rows.push(...records.map((record) => expectRecord(record, region)));
  }
  return rows;
}

function findRecords(document: string): string[] | undefined {
  const [list, second] = splitMembers(document).filter(({ key }) => key === "Records");
  if (list === undefined || second !== undefined || !list.value.startsWith("[")) return undefined;
  return splitElements(list.value);
}

/** Set where a value has anything that its column cannot hold. */
interface Rest {
  partial: boolean;
}

function expectRecord(json: string, region: string): Row {
  const row = emptyRow(RECORD_COLUMNS);
  if (!json.startsWith("{")) return { ...row, otherfields: json === "null" ? null : json, region };
  const others: string[] = [];
  const met = new Set<string>();
  for (const { key, value, text } of splitMembers(json)) {
    const column = RECORD_COLUMNS.find(({ name }) => name === key);
    const rest = { partial: column === undefined || met.has(key) };
    if (column !== undefined && !met.has(key)) row[key.toLowerCase()] = expectColumn(column, value, rest);
    met.add(key);
    if (rest.partial) others.push(text);
  }
  return { ...row, otherfields: others.length === 0 ? null : `{${others.join(",")}}`, region };
}

function emptyRow(columns: readonly Column[]): Record<string, Cell> {
  return Object.fromEntries(columns.map(({ name }) => [name.toLowerCase(), null]));
}

function expectColumn({ name, type }: Column, json: string, rest: Rest): Cell {
  if (FREE_FORM.has(name)) return json === "null" ? null : json;
  return expectCell(type, json, rest);
}

function expectCell(type: ColumnType, json: string, rest: Rest): Cell {
  if (type.kind === "string") return expectText(json, rest);
  if (!json.startsWith(type.kind === "array" ? "[" : "{")) {
    if (json !== "null") rest.partial = true;
    return null;
  }
  switch (type.kind) {
    case "struct":
      return expectStruct(type.fields, json, rest);
    case "array":
      return splitElements(json).map((element) => expectCell(type.element, element, rest));
    case "map":
      return expectMap(json, rest);
  }
}

function expectText(json: string, rest: Rest): string | null {
  if (json === "null") return null;
  return json.startsWith('"') ? replaceSurrogates(JSON.parse(json) as string, rest) : json;
}

/** By way of UTF-8, which has none. */
function replaceSurrogates(text: string, rest: Rest): string {
  const encoded = Buffer.from(text).toString();
  if (encoded !== text) rest.partial = true;
  return encoded;
}

function expectStruct(fields: readonly Column[], json: string, rest: Rest): Cell {
  const cells = emptyRow(fields);
  const met = new Set<string>();
  for (const { key, value } of splitMembers(json)) {
    const field = fields.find(({ name }) => name === key);
    if (field === undefined || met.has(key)) rest.partial = true;
    else cells[key.toLowerCase()] = expectCell(field.type, value, rest);
    met.add(key);
  }
  return cells;
}

function expectMap(json: string, rest: Rest): Cell {
  const entries: [string, Cell][] = [];
  const met = new Set<string>();
  for (const { key, value } of splitMembers(json)) {
    if (met.has(key)) rest.partial = true;
    else entries.push([replaceSurrogates(key, rest), expectText(value, rest)]);
    met.add(key);
  }
  return Object.fromEntries(entries);
}
