import { readColumn, readLiteral } from "./athena-conditions.ts";
import type { DomainValue } from "./athena-domain.ts";
import type { SqlNode } from "./athena-syntax.ts";

/** The value of a column, as a statement spells it in lower case; undefined where it is not known. */
export type Lookup = (column: string) => DomainValue | undefined;

/** Whether a row of such values is kept; undefined where that cannot be told. */
export type Predicate = (lookup: Lookup) => boolean | undefined;

export const ALWAYS: Predicate = () => true;

/**
 * What Trino evaluates on the values of each partition, whatever its form. Conditions on single columns are the part of it that
 * can be told without a partition.
 */
export function readPredicate(expression: SqlNode | undefined): Predicate {
  if (expression === undefined) return ALWAYS;
  return (lookup) => {
    const value = evaluate(expression, lookup);
    return typeof value === "boolean" ? value : undefined;
  };
}

export function joinPredicates(a: Predicate, b: Predicate): Predicate {
  return (lookup) => all([a(lookup), b(lookup)]);
}

/** The same predicate on other names of its columns. */
export function renameColumns(predicate: Predicate, rename: (lookup: Lookup) => Lookup): Predicate {
  return predicate === ALWAYS ? ALWAYS : (lookup) => predicate(rename(lookup));
}

type Result = DomainValue | boolean | undefined;

function evaluate(node: SqlNode, lookup: Lookup): Result {
  const parts = (): Result[] =>
    ((node["children"] ?? []) as readonly SqlNode[]).map((child) => evaluate(child, lookup));
  switch (node["type"]) {
    case "CONJUNCTION_AND":
      return all(parts());
    case "CONJUNCTION_OR":
      return not(all(parts().map(not)));
    case "OPERATOR_NOT":
      return not(parts()[0]);
    case "COMPARE_BETWEEN": {
      const [value, low, high] = ["input", "lower", "upper"].map((name) =>
        evaluate(node[name] as SqlNode, lookup),
      );
      return all([
        compare("COMPARE_GREATERTHANOREQUALTO", value, low),
        compare("COMPARE_LESSTHANOREQUALTO", value, high),
      ]);
    }
    case "FUNCTION":
      return node["function_name"] === "||" ? concat(parts()) : undefined;
    default:
      return evaluateLeaf(node, lookup);
  }
}

function evaluateLeaf(node: SqlNode, lookup: Lookup): Result {
  const { type, left, right } = node;
  if (left !== undefined && right !== undefined) {
    return compare(type as string, evaluate(left as SqlNode, lookup), evaluate(right as SqlNode, lookup));
  }
  const column = readColumn(node);
  return column === undefined ? readLiteral(node) : lookup(column);
}

function all(results: readonly Result[]): boolean | undefined {
  if (results.includes(false)) return false;
  return results.every((result) => result === true) ? true : undefined;
}

function not(result: Result): boolean | undefined {
  return typeof result === "boolean" ? !result : undefined;
}

function concat(parts: readonly Result[]): string | undefined {
  return parts.every((part) => typeof part === "string") ? parts.join("") : undefined;
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  COMPARE_EQUAL: (order) => order === 0,
  COMPARE_NOTEQUAL: (order) => order !== 0,
  COMPARE_LESSTHAN: (order) => order < 0,
  COMPARE_LESSTHANOREQUALTO: (order) => order <= 0,
  COMPARE_GREATERTHAN: (order) => order > 0,
  COMPARE_GREATERTHANOREQUALTO: (order) => order >= 0,
};

function compare(type: string, a: Result, b: Result): boolean | undefined {
  if (a === undefined || b === undefined || typeof a !== typeof b) return undefined;
  return COMPARISONS[type]?.(a < b ? -1 : a > b ? 1 : 0);
}
