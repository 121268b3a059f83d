import type { Conditions } from "./athena-conditions.ts";
import { joinConditions, readColumn, readConditions, readLiteral } from "./athena-conditions.ts";
import { contains } from "./athena-domain.ts";
import type { Lookup, Predicate } from "./athena-predicates.ts";
import { ALWAYS, joinPredicates, readPredicate, renameColumns } from "./athena-predicates.ts";
import type { Relation, RelationFinder, TableRelation } from "./athena-relations.ts";
import type { SqlNode } from "./athena-syntax.ts";
import { listCtes, readTable, visit } from "./athena-syntax.ts";

/** One reading of a table, and what is known of its partition columns. */
export interface Scan {
  readonly table: TableRelation;
  /** By column. */
  readonly conditions: Conditions;
  /** All of it, for the values of the partition columns. */
  readonly predicate: Predicate;
}

/** What is known of a row's values, in two forms. */
interface Wanted {
  readonly conditions: Conditions;
  readonly predicate: Predicate;
}

const ANYTHING: Wanted = { conditions: new Map(), predicate: ALWAYS };

interface Scope {
  /** Undefined: a name that hides a table and is read elsewhere, as a recursive one inside itself. */
  readonly ctes: ReadonlyMap<string, { readonly node: SqlNode; readonly scope: Scope } | undefined>;
  /** Where names without a database lie. */
  readonly database: string;
}

/** Every table that a query reads, once a time: branches of a view that the conditions rule out are left out. */
export function listScans(node: SqlNode, database: string, find: RelationFinder): Scan[] {
  const scans: Scan[] = [];
  const collector: Collector = { find, add: (scan) => scans.push(scan) };
  collect(node, ANYTHING, { collector, scope: { ctes: new Map(), database } });
  return scans;
}

interface Collector {
  readonly find: RelationFinder;
  readonly add: (scan: Scan) => void;
}

interface Surroundings {
  readonly collector: Collector;
  readonly scope: Scope;
}

/** @param wanted of the node's own output columns */
function collect(node: SqlNode, wanted: Wanted, { collector, scope: outer }: Surroundings): void {
  const scope = addCtes(node, outer);
  const around = { collector, scope };
  const pushed = hasLimit(node) ? ANYTHING : wanted;
  if (node["type"] !== "SELECT_NODE") {
    const sides = [node["left"], node["right"], ...((node["children"] ?? []) as SqlNode[])];
    const [first, ...others] = sides.filter((side) => side !== undefined) as SqlNode[];
    if (first === undefined) return;
    const names = listOutputs(first);
    collect(first, pushed, around);
    for (const other of others) collect(other, renameByPosition(pushed, names, listOutputs(other)), around);
    return;
  }
  const inner = pushIntoSelect(node, pushed);
  if (inner === undefined) return;
  const where = node["where_clause"] as SqlNode | undefined;
  const all = {
    conditions: joinConditions(inner.conditions, readConditions(where)),
    predicate: joinPredicates(inner.predicate, readPredicate(where)),
  };
  if ([...all.conditions.values()].some((domain) => domain.length === 0)) return;
  collectFrom(node["from_table"] as SqlNode | undefined, all, around);
  const { from_table: _, cte_map: __, ...expressions } = node;
  collectSubqueries(expressions, around);
}

/** What is wanted of the columns below a select list; undefined where a literal in it rules out every row. */
function pushIntoSelect(node: SqlNode, { conditions, predicate }: Wanted): Wanted | undefined {
  const items = node["select_list"] as readonly SqlNode[];
  const pushed = new Map<string, Conditions extends ReadonlyMap<string, infer D> ? D : never>();
  if (hasWindow(items)) return ANYTHING;
  const find = (name: string): SqlNode | undefined => items.find((one) => nameOutput(one) === name);
  const columnOf = (name: string): string | undefined =>
    find(name) === undefined && items.some(isStar) ? name : readColumn(find(name));
  for (const [name, domain] of conditions) {
    const literal = readLiteral(find(name));
    if (literal !== undefined && !contains(domain, literal)) return undefined;
    const column = columnOf(name);
    if (column !== undefined) pushed.set(column, domain);
  }
  const rename =
    (lookup: Lookup): Lookup =>
    (name) => {
      const column = columnOf(name);
      return column === undefined ? readLiteral(find(name)) : lookup(column);
    };
  return { conditions: pushed, predicate: renameColumns(predicate, rename) };
}

function collectFrom(from: SqlNode | undefined, wanted: Wanted, around: Surroundings): void {
  switch (from?.["type"]) {
    case "JOIN": {
      const [left, right] = [from["left"] as SqlNode, from["right"] as SqlNode];
      const kind = from["join_type"] as string;
      const alone = right["type"] === "TABLE_FUNCTION";
      const known = alone ? wanted : keepQualified(wanted);
      collectFrom(left, kind === "RIGHT" || kind === "OUTER" ? ANYTHING : known, around);
      collectFrom(right, kind === "LEFT" || kind === "OUTER" ? ANYTHING : keepQualified(wanted), around);
      collectSubqueries(from["condition"], around);
      return;
    }
    case "SUBQUERY": {
      const { node } = from["subquery"] as { node: SqlNode };
      collect(node, resolve(wanted, [from["alias"] as string | undefined]), around);
      return;
    }
    case "BASE_TABLE":
      collectTable(from, wanted, around);
      return;
    default:
      collectSubqueries(from, around);
  }
}

function collectTable(from: SqlNode, wanted: Wanted, { collector, scope }: Surroundings): void {
  const reference = readTable(from);
  const alias = from["alias"] as string | undefined;
  const own = resolve(wanted, [alias ?? reference.name]);
  if (reference.database === undefined && scope.ctes.has(reference.name)) {
    const cte = scope.ctes.get(reference.name);
    if (cte !== undefined) collect(cte.node, own, { collector, scope: cte.scope });
    return;
  }
  const relation: Relation = collector.find(reference, scope.database);
  if (relation.kind === "view") {
    collect(relation.node, own, { collector, scope: { ctes: new Map(), database: relation.schema } });
    return;
  }
  const keys = new Set(relation.keys.map(({ name }) => name));
  const conditions = new Map([...own.conditions].filter(([column]) => keys.has(column)));
  collector.add({ table: relation, conditions, predicate: own.predicate });
}

function addCtes(node: SqlNode, outer: Scope): Scope {
  const found = listCtes(node);
  if (found.length === 0) return outer;
  let scope = outer;
  for (const { key, node: inner } of found) {
    const hidden: Scope = { ...scope, ctes: new Map(scope.ctes).set(key, undefined) };
    const own = inner["type"] === "RECURSIVE_CTE_NODE" ? hidden : scope;
    scope = { ...scope, ctes: new Map(scope.ctes).set(key, { node: inner, scope: own }) };
  }
  return scope;
}

/** Queries inside expressions, about which only they themselves know anything. */
function collectSubqueries(expressions: unknown, around: Surroundings): void {
  visit(expressions, (node) => {
    if (node["class"] !== "SUBQUERY") return true;
    collect((node["subquery"] as { node: SqlNode }).node, ANYTHING, around);
    collectSubqueries(node["child"], around);
    return false;
  });
}

/** What is wanted of the columns of one table, without its name. */
function resolve({ conditions, predicate }: Wanted, names: readonly (string | undefined)[]): Wanted {
  let own: Conditions = new Map();
  const findName = (column: string): string | undefined => {
    const [qualifier, name] = column.includes(".") ? column.split(".") : [undefined, column];
    const isOwn = qualifier === undefined || names.some((one) => one?.toLowerCase() === qualifier);
    return isOwn ? (name ?? "") : undefined;
  };
  for (const [column, domain] of conditions) {
    const name = findName(column);
    if (name !== undefined) own = joinConditions(own, new Map([[name, domain]]));
  }
  const rename =
    (lookup: Lookup): Lookup =>
    (column) => {
      const name = findName(column);
      return name === undefined ? undefined : lookup(name);
    };
  return { conditions: own, predicate: renameColumns(predicate, rename) };
}

function isQualified(column: string): boolean {
  return column.includes(".");
}

function keepQualified({ conditions, predicate }: Wanted): Wanted {
  return {
    conditions: new Map([...conditions].filter(([column]) => isQualified(column))),
    predicate: renameColumns(predicate, lookUpQualified),
  };
}

function lookUpQualified(lookup: Lookup): Lookup {
  return (column) => (isQualified(column) ? lookup(column) : undefined);
}

function renameByPosition(
  wanted: Wanted,
  from: readonly (string | undefined)[],
  to: readonly (string | undefined)[],
): Wanted {
  if (from.includes(undefined) || to.includes(undefined)) return wanted;
  const renamed = [...wanted.conditions].flatMap(([name, domain]) => {
    const other = to[from.indexOf(name)];
    return other === undefined ? [] : [[other, domain] as const];
  });
  const rename =
    (lookup: Lookup): Lookup =>
    (name) => {
      const other = to[from.indexOf(name)];
      return other === undefined ? undefined : lookup(other);
    };
  return { conditions: new Map(renamed), predicate: renameColumns(wanted.predicate, rename) };
}

/** Names of a query's columns in lower case: "" for one without a name, undefined for a star. */
export function listOutputs(node: SqlNode): (string | undefined)[] {
  if (node["type"] === "SELECT_NODE") return (node["select_list"] as SqlNode[]).map(nameOutput);
  const first = (node["left"] ?? (node["children"] as SqlNode[] | undefined)?.[0]) as SqlNode | undefined;
  return first === undefined ? [undefined] : listOutputs(first);
}

function nameOutput(item: SqlNode): string | undefined {
  if (isStar(item)) return undefined;
  const alias = item["alias"] as string | undefined;
  return (alias ?? readColumn(item)?.split(".").at(-1) ?? "").toLowerCase();
}

function isStar(item: SqlNode): boolean {
  return item["class"] === "STAR";
}

function hasLimit(node: SqlNode): boolean {
  const modifiers = (node["modifiers"] ?? []) as readonly SqlNode[];
  return modifiers.some(({ type }) => String(type).startsWith("LIMIT"));
}

function hasWindow(items: readonly SqlNode[]): boolean {
  let found = false;
  visit(items, (node) => {
    if (node["class"] === "WINDOW") found = true;
  });
  return found;
}
