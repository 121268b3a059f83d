import { discover } from "../../actions/discover.ts";
import { explainNoLogs } from "../../actions/explain-no-logs.ts";
import { dayFromTime } from "../../core/day.ts";
import type { Inventory } from "../../core/inventory.ts";
import { UserError } from "../../core/user-error.ts";
import { openStore } from "../../open-ports.ts";
import type { CommonFlags } from "../options.ts";
import { printInventory, printOddities } from "../print/inventory.ts";
import { printRows } from "../print/rows.ts";
import { printSafeJson } from "../../core/safe-text.ts";
import { decideScope } from "../../config/plan-options.ts";
import { readSettings } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, startProgress, widthOf, writeData, writeWarnings } from "../terminal.ts";

/** Prints the inventory. */
export async function discoverCommand(flags: CommonFlags, terminal: Terminal): Promise<number> {
  const settings = await readSettings(flags);
  const { store, within } = await openStore(settings);
  const scope = decideScope(flags, {
    settings: { ...settings, partitionDays: undefined },
    today: dayFromTime(Date.now()),
    within,
  });
  const { onProgress, stop } = startProgress(terminal);
  const inventory = await discover(store, { ...scope, signal: terminal.signal, onProgress }).finally(stop);
  if (inventory.partitions.length === 0)
    throw new UserError(...(await explainNoLogs(store, inventory, scope)));
  await writeInventory(inventory, flags.format, terminal);
  writeWarnings(terminal, printOddities(inventory));
  return EXIT.done;
}

async function writeInventory(
  inventory: Inventory,
  format: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (format === "json")
    return writeData(terminal, [printSafeJson(`${JSON.stringify(inventory, undefined, 2)}\n`)]);
  if (format !== "csv" && format !== "ndjson") return writeData(terminal, [printInventory(inventory)]);
  const names = ["root", "account", "kind", "region", "day", "objects", "bytes"] as const;
  const rows = (async function* () {
    yield inventory.partitions.map((partition) => names.map((name) => partition[name] ?? null));
  })();
  await writeData(
    terminal,
    printRows(
      {
        columns: names.map((name) => ({
          name,
          type: typeof inventory.partitions[0]?.[name] === "number" ? "BIGINT" : "VARCHAR",
        })),
        rows,
      },
      { format, width: widthOf(terminal) },
    ),
  );
}
