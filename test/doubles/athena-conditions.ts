import type { Domain, DomainValue } from "./athena-domain.ts";
import { differentFrom, equalTo, intersect, unite } from "./athena-domain.ts";
import type { SqlNode } from "./athena-syntax.ts";

/** What a condition demands of columns, each as the statement spells it, in lower case: "region", "t.region". */
export type Conditions = ReadonlyMap<string, Domain>;

const NONE: Conditions = new Map();

/** What must hold of single columns wherever the condition does; what cannot be told is left out. */
export function readConditions(expression: SqlNode | undefined): Conditions {
  if (expression === undefined) return NONE;
  const children = (expression["children"] ?? []) as readonly SqlNode[];
  switch (expression["type"]) {
    case "CONJUNCTION_AND":
      return children.map(readConditions).reduce(joinConditions, NONE);
    case "CONJUNCTION_OR":
      return children.map(readConditions).reduce(uniteConditions);
    case "COMPARE_BETWEEN":
      return readBetween(expression);
    case "COMPARE_IN":
      return readList(children, equalTo);
    case "COMPARE_NOT_IN":
      return readList(children, differentFrom);
    default:
      return readComparison(expression);
  }
}

/** Both hold. */
export function joinConditions(a: Conditions, b: Conditions): Conditions {
  const joined = new Map(a);
  for (const [column, domain] of b) {
    const known = joined.get(column);
    joined.set(column, known === undefined ? domain : intersect(known, domain));
  }
  return joined;
}

/** The value of a literal; undefined for anything else, NULL too. */
export function readLiteral(expression: SqlNode | undefined): DomainValue | undefined {
  if (expression?.["class"] === "CAST") return readLiteral(expression["child"] as SqlNode);
  if (expression?.["class"] !== "CONSTANT") return undefined;
  const { is_null: isNull, value } = expression["value"] as { is_null?: boolean; value?: unknown };
  if (isNull === true) return undefined;
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

/** "region", "t.region"; undefined for anything else. */
export function readColumn(expression: SqlNode | undefined): string | undefined {
  if (expression?.["class"] !== "COLUMN_REF") return undefined;
  return (expression["column_names"] as string[]).slice(-2).join(".").toLowerCase();
}

/** One of them holds: a column is bound only where all bind it, as in Trino. */
function uniteConditions(a: Conditions, b: Conditions): Conditions {
  const united = new Map<string, Domain>();
  for (const [column, domain] of a) {
    const other = b.get(column);
    if (other !== undefined) united.set(column, unite(domain, other));
  }
  return united;
}

function readBetween({ input, lower, upper }: SqlNode): Conditions {
  const column = readColumn(input as SqlNode);
  const [low, high] = [readLiteral(lower as SqlNode), readLiteral(upper as SqlNode)];
  if (column === undefined || low === undefined || high === undefined) return NONE;
  const range = { low: { value: low, inclusive: true }, high: { value: high, inclusive: true } };
  return new Map([[column, intersect([range], [{}])]]);
}

function readList(
  [input, ...items]: readonly SqlNode[],
  make: (...values: readonly DomainValue[]) => Domain,
): Conditions {
  const column = readColumn(input);
  const values = items.map(readLiteral);
  if (column === undefined || values.includes(undefined)) return NONE;
  return new Map([[column, make(...(values as DomainValue[]))]]);
}

const MIRRORED: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: "COMPARE_EQUAL",
  COMPARE_NOTEQUAL: "COMPARE_NOTEQUAL",
  COMPARE_LESSTHAN: "COMPARE_GREATERTHAN",
  COMPARE_LESSTHANOREQUALTO: "COMPARE_GREATERTHANOREQUALTO",
  COMPARE_GREATERTHAN: "COMPARE_LESSTHAN",
  COMPARE_GREATERTHANOREQUALTO: "COMPARE_LESSTHANOREQUALTO",
};

const DOMAINS: Readonly<Record<string, (value: DomainValue) => Domain>> = {
  COMPARE_EQUAL: (value) => equalTo(value),
  COMPARE_NOTEQUAL: (value) => differentFrom(value),
  COMPARE_LESSTHAN: (value) => [{ high: { value, inclusive: false } }],
  COMPARE_LESSTHANOREQUALTO: (value) => [{ high: { value, inclusive: true } }],
  COMPARE_GREATERTHAN: (value) => [{ low: { value, inclusive: false } }],
  COMPARE_GREATERTHANOREQUALTO: (value) => [{ low: { value, inclusive: true } }],
};

function readComparison({ type, left, right }: SqlNode): Conditions {
  const operator = type as string;
  const [a, b] = [left as SqlNode | undefined, right as SqlNode | undefined];
  return readSides(operator, a, b) ?? readSides(MIRRORED[operator] ?? "", b, a) ?? NONE;
}

function readSides(
  operator: string,
  left: SqlNode | undefined,
  right: SqlNode | undefined,
): Conditions | undefined {
  const column = readColumn(left);
  const value = readLiteral(right);
  const domain = DOMAINS[operator];
  if (column === undefined || value === undefined || domain === undefined) return undefined;
  return new Map([[column, domain(value)]]);
}
