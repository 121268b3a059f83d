import { isAccount } from "../../../core/log-key.ts";

/** The table of all accounts in the unified layout, and of those that lie under two roots. */
export function sharedTableName(prefix: string): string {
  return `${prefix}_raw`;
}

/** What a name of ours stands for; undefined for any other name. */
export type NameRole =
  { readonly kind: "all" | "shared" } | { readonly kind: "account"; readonly account: string };

export function parseName(name: string, prefix: string): NameRole | undefined {
  if (name === prefix) return { kind: "all" };
  if (name === sharedTableName(prefix)) return { kind: "shared" };
  const account = name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : "";
  return isAccount(account) ? { kind: "account", account } : undefined;
}
