import type { Bound, ColumnConstraint, Range } from "./io-plan.ts";

/** A partition key, as Glue has it. */
export interface PartitionKey {
  readonly name: string;
  /** "string" */
  readonly type: string;
}

/** Glue's most for an expression. */
const EXPRESSION_CHARACTERS = 2048;

const TEXT_TYPE = /^(string|varchar|char|date)\b/;
const INTEGER_TYPE = /^(tinyint|smallint|int|integer|bigint)$/;

/** Constraints that can be tested on the values of a partition; the others rule nothing out. */
function readable(
  keys: readonly PartitionKey[],
  constraints: readonly ColumnConstraint[],
): { readonly constraint: ColumnConstraint; readonly key: PartitionKey; readonly index: number }[] {
  return constraints.flatMap((constraint) => {
    const index = keys.findIndex(({ name }) => name.toLowerCase() === constraint.column);
    const key = keys[index];
    if (key === undefined || constraint.isNullAllowed) return [];
    return TEXT_TYPE.test(key.type) || INTEGER_TYPE.test(key.type) ? [{ constraint, key, index }] : [];
  });
}

/** Whether a scan reads a partition of these values. */
export function isSelected(
  keys: readonly PartitionKey[],
  constraints: readonly ColumnConstraint[],
  values: readonly string[],
): boolean {
  return readable(keys, constraints).every(({ constraint, key, index }) => {
    const compare = INTEGER_TYPE.test(key.type) ? compareIntegers : compareTexts;
    const value = values[index] ?? "";
    return constraint.ranges.some((range) => isWithin(value, range, compare));
  });
}

type Compare = (a: string, b: string) => number;

function isWithin(value: string, { low, high }: Range, compare: Compare): boolean {
  return isInside(low, (bound) => compare(value, bound)) && isInside(high, (bound) => compare(bound, value));
}

function isInside({ value, isIncluded }: Bound, compareTo: (bound: string) => number): boolean {
  if (value === undefined) return true;
  const order = compareTo(value);
  return order > 0 || (order === 0 && isIncluded);
}

/** By UTF-8 bytes, as Trino and Glue do. */
function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** What is no number is let through. */
function compareIntegers(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? 1 : difference;
}

/** The filter of Glue's GetPartitions for partitions that at least one of the scans reads; undefined for all of them. */
export function printExpression(
  keys: readonly PartitionKey[],
  scans: readonly (readonly ColumnConstraint[])[],
): string | undefined {
  const filters = new Set(scans.map((constraints) => printConjunction(keys, constraints)));
  if (filters.size === 0 || filters.has("")) return undefined;
  const text = [...filters].map((filter) => (filters.size > 1 ? `(${filter})` : filter)).join(" OR ");
  return text.length > EXPRESSION_CHARACTERS ? undefined : text;
}

/** "" for all partitions. */
function printConjunction(keys: readonly PartitionKey[], constraints: readonly ColumnConstraint[]): string {
  return readable(keys, constraints)
    .filter(({ key }) => !key.type.startsWith("date") && /^[a-z_]\w*$/i.test(key.name))
    .map(({ constraint, key }) => printRanges(key, constraint.ranges))
    .filter((text) => text !== "")
    .join(" AND ");
}

function printRanges(key: PartitionKey, ranges: readonly Range[]): string {
  const points = ranges.flatMap(({ low, high }) =>
    low.value !== undefined && low.value === high.value ? [printValue(key, low.value)] : [],
  );
  if (points.length === ranges.length)
    return points.length === 0 ? "" : `${key.name} IN (${points.join(", ")})`;
  const texts = ranges.map((range) => printRange(key, range));
  if (texts.includes("")) return "";
  return texts.length === 1 ? (texts[0] ?? "") : `(${texts.map((text) => `(${text})`).join(" OR ")})`;
}

function printRange(key: PartitionKey, { low, high }: Range): string {
  return [printBound(key, ">", low), printBound(key, "<", high)].filter((text) => text !== "").join(" AND ");
}

function printBound(key: PartitionKey, sign: "<" | ">", { value, isIncluded }: Bound): string {
  return value === undefined ? "" : `${key.name} ${sign}${isIncluded ? "=" : ""} ${printValue(key, value)}`;
}

function printValue({ type }: PartitionKey, value: string): string {
  return INTEGER_TYPE.test(type) ? String(Number(value)) : `'${value.replaceAll("'", "''")}'`;
}
