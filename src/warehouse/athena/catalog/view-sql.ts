import { PARTITION_COLUMNS, RECORD_COLUMNS } from "../../../core/columns.ts";
import type { DayRange } from "../../../core/day.ts";
import { quoteName, quoteText } from "../../../core/sql-text.ts";
import { printOutside, printWithin } from "./day-condition.ts";
import type { ViewColumn } from "./presto-view.ts";

const RECORD_NAMES = RECORD_COLUMNS.map(({ name, type }) => ({ name: name.toLowerCase(), type }));

function textColumns(names: readonly string[]): ViewColumn[] {
  return names.map((name) => ({ name, type: { kind: "string" } }));
}

/** The columns of a view of one account: those of a table. */
export const ACCOUNT_VIEW_COLUMNS: readonly ViewColumn[] = [
  ...RECORD_NAMES,
  ...textColumns(PARTITION_COLUMNS),
];

/** The columns of the view over all accounts. */
export const ALL_VIEW_COLUMNS: readonly ViewColumn[] = [
  ...RECORD_NAMES,
  ...textColumns(["account", ...PARTITION_COLUMNS]),
];

/** A table with its database. */
export interface TableAddress {
  readonly database: string;
  readonly table: string;
}

/** One account's rows of a table of several. */
export function printAccountView(address: TableAddress, account: string): string {
  const columns = ACCOUNT_VIEW_COLUMNS.map(({ name }) => quoteName(name));
  return `${printSelect(columns, address)} WHERE ${quoteName("account")} = ${quoteText(account)}`;
}

/** Something that the view over all accounts reads. */
export interface Branch extends TableAddress {
  /** Undefined for a table that has a column `account`. */
  readonly account: string | undefined;
  /**
   * Whose rows alone are read; undefined for all. A table of several accounts still has those that have got one of their own
   * since, or gets those that are to lose theirs: read without a choice, their rows would be there twice.
   */
  readonly accounts?: readonly string[] | undefined;
}

/** The table of a lake that has the rows of some days, instead of the logs' tables. */
export interface LakeBranch extends TableAddress {
  /** In order; not empty. */
  readonly ranges: readonly DayRange[];
  /** Whose rows alone are read; undefined for all. */
  readonly accounts?: readonly string[] | undefined;
}

/** The lake's rows of its days, and the logs' of all other days: no day is in both, and none in neither. */
export function printLakeView(
  branches: readonly Branch[],
  { ranges, accounts, ...address }: LakeBranch,
): string {
  const columns = ALL_VIEW_COLUMNS.map(({ name }) => quoteName(name));
  const theirs = accounts === undefined ? "" : ` AND ${printChoice(accounts)}`;
  const lake = `${printSelect(columns, address)} WHERE ${printWithin(ranges)}${theirs}`;
  if (branches.length === 0) return lake;
  const logs = `SELECT ${columns.join(", ")} FROM (\n${printAllView(branches)}\n) AS ${quoteName("logs")}`;
  return `${logs} WHERE ${printOutside(ranges)}\nUNION ALL\n${lake}`;
}

/** All rows of all tables; each column by its name, so that a table may have more of them than the view. */
export function printAllView(branches: readonly Branch[]): string {
  return branches
    .map(({ account, accounts, ...address }) => {
      const columns = ALL_VIEW_COLUMNS.map(({ name }) =>
        name === "account" && account !== undefined
          ? `${quoteText(account)} AS ${quoteName(name)}`
          : quoteName(name),
      );
      const choice = accounts === undefined ? "" : ` WHERE ${printChoice(accounts)}`;
      return `${printSelect(columns, address)}${choice}`;
    })
    .join("\nUNION ALL\n");
}

function printChoice(accounts: readonly string[]): string {
  return `${quoteName("account")} IN (${accounts.map(quoteText).join(", ")})`;
}

function printSelect(columns: readonly string[], { database, table }: TableAddress): string {
  return `SELECT ${columns.join(", ")} FROM ${quoteName(database)}.${quoteName(table)}`;
}
