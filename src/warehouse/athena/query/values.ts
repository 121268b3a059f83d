import type { Value } from "../../warehouse.ts";

/** Reads the text of a value of one column. */
export type ReadValue = (text: string) => Value;

/**
 * Values as JSON has them, from Athena's text: whole numbers beyond 2^53, decimals, NaN and infinity stay text, as does all
 * that is neither a number nor a boolean.
 * @param type in Athena's spelling
 */
export function makeReader(type: string): ReadValue {
  switch (type) {
    case "boolean":
      return (text) => (text === "true" ? true : text === "false" ? false : text);
    case "tinyint":
    case "smallint":
    case "integer":
    case "int":
    case "bigint":
      return readInteger;
    case "float":
    case "real":
    case "double":
      return readFloat;
    default:
      return (text) => text;
  }
}

function readInteger(text: string): Value {
  const number = Number(text);
  return text !== "" && Number.isSafeInteger(number) ? number : text;
}

function readFloat(text: string): Value {
  const number = Number(text);
  return text !== "" && Number.isFinite(number) ? number : text;
}
