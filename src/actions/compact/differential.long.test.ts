import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCompactor } from "../../compactor/open-compactor.ts";
import type { Column } from "../../core/columns.ts";
import { RECORD_COLUMNS } from "../../core/columns.ts";
import { lastClosedDay } from "../../core/lake/lake-ranges.ts";
import { FREE_FORM } from "../../core/shred/make-record-shape.ts";
import { quoteText } from "../../core/sql-text.ts";
import { ask, day } from "../../fixtures.contract.ts";
import { openLocalLakeStore } from "../../lake-store/local-lake-store.ts";
import { openLocalStore } from "../../store/local-store.ts";
import { generateLogs, writeLogs } from "../../../tools/generate-logs/generate-logs.ts";
import { openDuckDbWarehouse } from "../../warehouse/duckdb/duckdb-warehouse.ts";
import type { Value, Warehouse } from "../../warehouse/warehouse.ts";
import { run } from "../run.ts";
import { compact } from "./compact.ts";

/** A folder of logs of your own, beside the generated ones: LOGS=/path LONG=1 npx vitest run differential */
const OWN_LOGS = process.env["LOGS"];

const NOW = Date.parse("2026-12-24T12:00:00Z");
const TODAY = day("2026-12-24");

/** Raw logs alone, the lake alone, and a view that reads half of the days from either. */
interface Engines {
  readonly raw: Warehouse;
  readonly lake: Warehouse;
  readonly half: Warehouse;
  /** eventIDs of records that are compared with nothing. */
  readonly odd: ReadonlySet<string>;
}

async function openEngines(folder: string, logs: string): Promise<Engines> {
  const store = openLocalStore(logs);
  const open = (name: string): Warehouse =>
    openDuckDbWarehouse({ database: join(folder, `${name}.duckdb`), logs });
  const engines: Omit<Engines, "odd"> = { raw: open("raw"), lake: open("lake"), half: open("half") };
  const options = { tablePrefix: "cloudtrail", today: TODAY };
  // DuckDB notices no wrong checksum by itself.
  const { inventory, desired } = await run({ store, warehouse: engines.raw }, { ...options, check: true });
  const days = [...new Set(inventory.partitions.map(({ day: each }) => each))].toSorted();
  const middle = days[Math.floor(days.length / 2)] ?? lastClosedDay(NOW);
  const compactor = await openCompactor({ memory: 1e9, threads: 0 });
  for (const [name, range] of Object.entries({ lake: {}, half: { from: middle } })) {
    const warehouse = engines[name as "lake" | "half"];
    const lake = openLocalLakeStore(join(folder, `lake-${name}`));
    await run({ store, warehouse }, options);
    const report = await compact({ store, warehouse, lake, compactor }, { ...options, range, now: NOW });
    expect(report.ranges.at(-1)?.to).toBe(days.at(-1));
    expect(report.total.events).toBe(report.total.records + report.total.duplicates);
  }
  await compactor.close();
  const irregular = [...desired.setAside.values()].filter(({ verdict }) => verdict === "irregular");
  return { ...engines, odd: await listEvents(irregular.map(({ file }) => file)) };
}

/** The eventIDs in files of which the reader of raw logs makes NULLs, or structs of NULLs, where it meets another shape. */
async function listEvents(files: readonly string[]): Promise<ReadonlySet<string>> {
  const texts = await Promise.all(files.map(async (file) => gunzipSync(await readFile(file)).toString()));
  const events = texts.flatMap((text) =>
    [...text.matchAll(/"eventID"\s*:\s*"([^"]+)"/g)].map(([, event = ""]) => event),
  );
  return new Set(events);
}

interface Row {
  readonly event: string | undefined;
  /** Of the record; undefined where it has no eventID. */
  readonly identity: string | undefined;
  /** All columns; free-form text as JSON values. */
  readonly text: string;
}

async function readRows(warehouse: Warehouse, where: string): Promise<Row[]> {
  const { columns, rows } = await ask(warehouse, `SELECT * FROM cloudtrail WHERE ${where}`);
  const names = columns.map(({ name }) => name);
  const identity = ["account", "year", "month", "day", "recipientaccountid"].map((name) =>
    names.indexOf(name),
  );
  const event = names.indexOf("eventid");
  return rows.map((row) => {
    const values = row.map((value, index) =>
      FREE_FORM_NAMES.has(names[index] ?? "") ? parseFreeForm(value) : value,
    );
    const id = JSON.stringify([row[event], ...identity.map((index) => row[index])]);
    const isNamed = row[event] !== null;
    return {
      event: isNamed ? String(row[event]) : undefined,
      identity: isNamed ? id : undefined,
      text: JSON.stringify(values),
    };
  });
}

/** Identities that different records have, as in samples that were made by hand: which of them the lake keeps is another matter. */
async function findAmbiguous({ raw, odd }: Engines): Promise<ReadonlySet<string>> {
  const texts = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { event, identity, text } of await readRows(raw, "true")) {
    if (identity === undefined) continue;
    if (odd.has(event ?? "")) ambiguous.add(identity);
    if ((texts.get(identity) ?? text) !== text) ambiguous.add(identity);
    texts.set(identity, text);
  }
  return ambiguous;
}

/** A record that is there twice counts once, as in the lake. */
function count(rows: readonly Row[], ambiguous: ReadonlySet<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { identity, text } of rows) {
    if (identity !== undefined && ambiguous.has(identity)) continue;
    counts.set(text, identity === undefined ? (counts.get(text) ?? 0) + 1 : 1);
  }
  return counts;
}

/** The first few rows of which one has more than the other. */
function differ(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): string[] {
  return [...one]
    .filter(([text, times]) => other.get(text) !== times)
    .map(([text]) => text)
    .slice(0, 3);
}

async function expectSame(engines: Engines, where: string, ambiguous: ReadonlySet<string>): Promise<number> {
  const raw = count(await readRows(engines.raw, where), ambiguous);
  for (const engine of [engines.lake, engines.half]) {
    const found = count(await readRows(engine, where), ambiguous);
    expect({ missing: differ(raw, found), extra: differ(found, raw) }, where).toEqual({
      missing: [],
      extra: [],
    });
  }
  return raw.size;
}

const FREE_FORM_NAMES = new Set([...FREE_FORM].map((name) => name.toLowerCase()));

/** The reader of raw logs gives a string without its quotes; no object begins like one. */
function parseFreeForm(value: Value | undefined): unknown {
  if (typeof value !== "string") return value;
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === "object" && parsed !== null) return parsed;
    return String(parsed) === value ? value : parseFreeForm(String(parsed));
  } catch {
    return value;
  }
}

/** `useridentity.sessioncontext.attributes.mfaauthenticated` and all other texts outside of lists. */
function listTexts(columns: readonly Column[], path: readonly string[] = []): string[] {
  return columns.flatMap(({ name, type }) => {
    const here = [...path, name.toLowerCase()];
    if (type.kind === "struct") return listTexts(type.fields, here);
    return type.kind === "string" && !FREE_FORM.has(name) ? [here.join(".")] : [];
  });
}

const TEXTS = [...listTexts(RECORD_COLUMNS), "account", "region", "year", "month", "day"];

/** Some values of each text, so that predicates meet something. */
async function sampleValues(warehouse: Warehouse): Promise<Map<string, string[]>> {
  const values = new Map<string, string[]>();
  for (const text of TEXTS) {
    const { rows } = await ask(
      warehouse,
      `SELECT DISTINCT ${text} FROM cloudtrail WHERE ${text} IS NOT NULL ORDER BY 1 LIMIT 12`,
    );
    values.set(text, [...rows.map(([value]) => String(value)), "none of these"]);
  }
  return values;
}

function predicates(values: ReadonlyMap<string, string[]>): fc.Arbitrary<string> {
  const atom = fc.constantFrom(...TEXTS).chain((text) => {
    const value = fc.constantFrom(...(values.get(text) ?? [""])).map(quoteText);
    return fc.oneof(
      fc.tuple(fc.constantFrom("=", "<>", "<", ">="), value).map(([sign, each]) => `${text} ${sign} ${each}`),
      fc.array(value, { minLength: 1, maxLength: 4 }).map((list) => `${text} IN (${list.join(", ")})`),
      fc
        .constantFrom(...(values.get(text) ?? [""]))
        .map((each) => `starts_with(${text}, ${quoteText(each.slice(0, 3))})`),
      fc.constantFrom(`${text} IS NULL`, `${text} IS NOT NULL`),
      fc.constantFrom(
        "resources IS NULL",
        "len(resources) > 1",
        "useridentity IS NULL",
        "tlsdetails IS NOT NULL",
      ),
    );
  });
  return fc
    .array(fc.tuple(fc.constantFrom("AND", "AND", "OR"), fc.constantFrom("", "NOT "), atom), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) =>
      parts.map(([join_, not, each], index) => `${index === 0 ? "" : `${join_} `}${not}(${each})`).join(" "),
    );
}

const GENERATED = "generated";

describe.each([GENERATED, ...(OWN_LOGS === undefined ? [] : [OWN_LOGS])])("over the logs of %s", (place) => {
  let folder: string;
  let engines: Engines;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
    const logs = place === GENERATED ? join(folder, "logs") : place;
    if (place === GENERATED) {
      const odd = { broken: true, noise: true, duplicates: 0.05, late: 0.05, empty: 0.05 };
      const size = { accounts: 2, regions: 2, days: 4, files: 30, records: 10 };
      await writeLogs(logs, generateLogs({ ...size, ...odd, layout: "mixed", until: "2026-12-20" }));
    }
    engines = await openEngines(folder, logs);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("every row is the same", async () => {
    const ambiguous = await findAmbiguous(engines);
    if (place === GENERATED) expect(ambiguous.size).toBeLessThanOrEqual(engines.odd.size);
    expect(await expectSame(engines, "true", ambiguous)).toBeGreaterThan(200);
  });

  test("hundreds of random predicates give the same rows over logs, lake and both", async () => {
    const [values, ambiguous] = [await sampleValues(engines.raw), await findAmbiguous(engines)];
    let met = 0;
    const property = fc.asyncProperty(predicates(values), async (where) => {
      met += (await expectSame(engines, where, ambiguous)) > 0 ? 1 : 0;
    });
    await fc.assert(property, { numRuns: 200 });
    expect(met).toBeGreaterThan(100);
  }, 600_000);
});
