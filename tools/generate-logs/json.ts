/** What a record can hold; an undefined field is left out. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

// Characters that JSON.stringify passes through, that no record holds, and that keep a string at one byte a character.
const EDGE = "\u007f";
const QUOTE = "\u0081";
const BACKSLASH = "\u0082";
const RAW = new RegExp(`"${EDGE}([^${EDGE}]*)${EDGE}"`, "g");

/** A value that printJson prints letter for letter: JSON that JSON.stringify never writes, such as 1.10 or "a\/b". */
export function rawJson(text: string): string {
  return `${EDGE}${text.replaceAll('"', QUOTE).replaceAll("\\", BACKSLASH)}${EDGE}`;
}

/** The same text as AWS never writes it, though JSON allows it: with escaped slashes, and only ASCII. */
export function escapedJson(text: string): string {
  const escaped = JSON.stringify(text).replaceAll("/", "\\/");
  return rawJson(
    escaped.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

/** JSON on one line, fields in the order they have in the object. */
export function printJson(value: Json): string {
  const text = JSON.stringify(value);
  if (!text.includes(EDGE)) return text;
  return text.replace(RAW, (_, raw: string) => raw.replaceAll(QUOTE, '"').replaceAll(BACKSLASH, "\\"));
}
