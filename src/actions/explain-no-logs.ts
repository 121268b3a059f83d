import type { Inventory } from "../core/inventory.ts";
import { isAccount, isLogFile, isLogKind, isRegion } from "../core/log-key.ts";
import type { UserErrorOptions } from "../core/user-error.ts";
import type { Store } from "../store/store.ts";
import type { Scope } from "./scope.ts";
import { listFolder } from "./walk-logs.ts";

const LAYOUT = "[prefix/]AWSLogs/[o-id/]<account>/CloudTrail/<region>/<YYYY>/<MM>/<DD>/<file>.json.gz";

/** What to say where an inventory has no logs: what lies there instead, and what was wanted. */
export async function explainNoLogs(
  store: Store,
  inventory: Inventory,
  scope: Scope,
): Promise<[message: string, options: UserErrorOptions]> {
  const wanted = `CloudTrail's files lie in ${LAYOUT}`;
  if (inventory.roots.length > 0)
    return [
      `no CloudTrail logs in ${store.url}${printScope(scope)}: ${describe(inventory)}`,
      { hint: `${wanted}; cloudtrail-partitioner discover shows all that is there` },
    ];
  const { folders, objects } = await listFolder({ store, signal: undefined }, "");
  const names = folders.map(({ name }) => name);
  const files = objects.map(({ key }) => key);
  const one = (fits: (name: string) => boolean): string | undefined => names.find(fits);
  const account = one(isAccount);
  const missing = (found: string, target: string): [string, UserErrorOptions] => [
    `no AWSLogs folder in ${store.url}, but ${found}`,
    {
      hint: `${wanted}: put a link where the missing folders should be, e.g. mkdir -p logs/${target.split("/").slice(0, -1).join("/")} && ln -s ${store.url} logs/${target}, and use --logs logs`,
    },
  ];
  if (account !== undefined) return missing(`the account folder ${account}`, "AWSLogs");
  const kind = one(isLogKind);
  if (kind !== undefined) return missing(`a folder ${kind}`, "AWSLogs/<account>");
  const region = one(isRegion);
  if (region !== undefined)
    return missing(`a folder that may be a Region, ${region}`, "AWSLogs/<account>/CloudTrail");
  const file = files.find(isLogFile);
  if (file !== undefined)
    return [
      `no AWSLogs folder in ${store.url}, but log files without their folders, such as ${file}`,
      {
        hint: `${wanted}: the account, Region and day are read from the folders; copy the logs with them (aws s3 sync)`,
      },
    ];
  const found =
    names.length + files.length === 0
      ? "it is empty, or does not exist"
      : `it holds ${list([...names.map((name) => `${name}/`), ...files])}`;
  return [`no CloudTrail logs in ${store.url}: ${found}`, { hint: wanted }];
}

function printScope({ range = {}, accounts, regions }: Scope): string {
  const parts = [
    range.from === undefined ? undefined : `from ${range.from}`,
    range.to === undefined ? undefined : `to ${range.to}`,
    accounts === undefined ? undefined : `for the account ${accounts.join(", ")}`,
    regions === undefined ? undefined : `in the Region ${regions.join(", ")}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : ` ${parts.join(" ")}`;
}

function describe({ roots, partitions, otherServices, oddities }: Inventory): string {
  const kinds = [...new Set(partitions.map(({ kind }) => kind))];
  const found = [
    `the account folders are in ${list(roots)}`,
    kinds.length > 0 ? `with ${list(kinds)} only` : undefined,
    otherServices.length > 0 ? `beside logs of ${list(otherServices)}` : undefined,
    ...oddities.map(({ reason, examples }) => `${examples[0]} is ${reason}`),
  ];
  return found.filter((part) => part !== undefined).join("; ");
}

function list(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
