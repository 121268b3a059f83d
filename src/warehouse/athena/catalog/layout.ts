import type { PartitionSet } from "../../../core/partition-set.ts";
import { UserError } from "../../../core/user-error.ts";

/**
 * "tables": a table an account; "unified": one table of all accounts, and a view an account; "auto": the first up to 100
 * accounts, then the second.
 */
export type Layout = "auto" | "tables" | "unified";

/**
 * A view over more tables may fail: Athena's own limit is not published, stock Trino stops at 150 stages, of which a
 * UNION ALL takes one a table.
 */
const MOST_TABLES = 100;

/** "auto" stays unified down to this, so that an account that comes and goes does not turn everything over. */
const FEWEST_UNIFIED = 80;

export interface LayoutOptions {
  readonly projected: boolean;
  /** Whether all accounts share a table so far. */
  readonly isUnified?: boolean | undefined;
}

/** Which accounts have a table of their own, and which share one; both in order. */
export interface AccountLayout {
  readonly own: readonly string[];
  readonly shared: readonly string[];
}

/**
 * A partition of Glue has one location: an account that has logs of the same Region and day under two roots shares a table,
 * in which the root is a key.
 * @throws UserError where a table an account was asked for and there are too many
 */
export function decideLayout(
  layout: Layout,
  partitions: PartitionSet,
  { projected, isUnified = false }: LayoutOptions,
): AccountLayout {
  const { accounts } = partitions;
  const autoLimit = isUnified ? FEWEST_UNIFIED : MOST_TABLES;
  if (layout === "unified" || (layout === "auto" && accounts.length > autoLimit)) {
    return { own: [], shared: accounts };
  }
  if (accounts.length > MOST_TABLES) {
    throw new UserError(
      `layout "tables" makes a view over ${accounts.length} tables, and Athena may refuse more than ${MOST_TABLES}`,
      { hint: "set layout: auto or layout: unified in the configuration file: the names stay the same" },
    );
  }
  const doubled = projected ? findManyRooted(partitions) : findDoubled(partitions);
  return {
    own: accounts.filter((account) => !doubled.has(account)),
    shared: accounts.filter((account) => doubled.has(account)),
  };
}

/** Accounts with a day that lies under two roots. */
function findDoubled(partitions: PartitionSet): Set<string> {
  const doubled = new Set<string>();
  for (const { account, roots } of partitions) if (roots.length > 1) doubled.add(account);
  return doubled;
}

/** Accounts with two roots, be it on different days: a projected table has one template. */
function findManyRooted(partitions: PartitionSet): Set<string> {
  const known = new Map<string, string>();
  const many = new Set<string>();
  for (const { account, roots } of partitions) {
    for (const root of roots) {
      if ((known.get(account) ?? root) !== root) many.add(account);
      known.set(account, root);
    }
  }
  return many;
}
