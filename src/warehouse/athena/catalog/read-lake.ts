import type { Partition as GluePartition, Table as GlueTable } from "@aws-sdk/client-glue";
import type { LakeContent, LakeTable } from "../../../core/catalog.ts";
import type { DayRange } from "../../../core/day.ts";
import { dayFromParts } from "../../../core/day.ts";
import { COVERAGE_FILE } from "../../../core/lake/coverage.ts";
import { LAKE_KEYS, LAKE_SCHEMA } from "../../../core/lake/lake-columns.ts";
import type { Dataset, LakeDay } from "../../../core/lake/lake-day.ts";
import { DATASETS, printAccountDay } from "../../../core/lake/lake-day.ts";
import { isAccount } from "../../../core/log-key.ts";
import { parseLakeUrl, parseLocation } from "./lake-definition.ts";
import type { NameRole } from "./naming.ts";
import type { PartitionReading } from "./partition-reading.ts";
import { SEGMENTS } from "./partition-reading.ts";
import { readDefinition, SCHEMA_PARAMETER } from "./table-definition.ts";

/** A table of Glue, and what its name stands for. */
export interface NamedEntry {
  readonly entry: GlueTable;
  readonly role: NameRole | undefined;
}

/** What Glue knows of a lake, as partitions come in. */
export class LakeReading {
  readonly #url: string | undefined;
  readonly #tables: readonly DatasetReading[];
  readonly #coverage: GlueTable | undefined;

  constructor(entries: readonly NamedEntry[]) {
    const datasets = (Object.keys(DATASETS) as Dataset[]).flatMap((dataset) =>
      entries.flatMap(({ entry, role }) =>
        role?.kind === "dataset" && role.dataset === dataset ? [{ entry, dataset }] : [],
      ),
    );
    this.#url = datasets
      .map(({ entry, dataset }) => parseLakeUrl(readLocation(entry), dataset))
      .find((url) => url !== undefined);
    const url = this.#url ?? "";
    this.#tables = datasets.map(({ entry, dataset }) => new DatasetReading(entry, { dataset, url }));
    this.#coverage = entries.find(({ role }) => role?.kind === "coverage")?.entry;
  }

  get readings(): readonly PartitionReading[] {
    return this.#tables;
  }

  /** @param ranges what the view reads from it */
  finish(ranges: readonly DayRange[] = []): {
    readonly lakeTables?: ReadonlyMap<string, LakeTable>;
    readonly lake?: LakeContent;
  } {
    const tables = this.#tables.map((reading): LakeTable => reading.table);
    if (this.#coverage !== undefined) {
      const definition = readDefinition(this.#coverage);
      tables.push({ name: this.#coverage.Name ?? "", days: new Map(), definition });
    }
    const url = this.#url;
    return {
      ...(tables.length === 0 ? {} : { lakeTables: new Map(tables.map((each) => [each.name, each])) }),
      ...(url === undefined
        ? {}
        : { lake: { url, days: this.#listDays(), coverage: this.#findCoverage(url), ranges } }),
    };
  }

  #listDays(): LakeDay[] {
    return this.#tables.flatMap(({ stored }) => [...stored.keys()].toSorted().map((id) => stored.get(id)!));
  }

  #findCoverage(url: string): string | undefined {
    if (this.#coverage === undefined) return undefined;
    return `${parseLocation(url, readLocation(this.#coverage))}${COVERAGE_FILE}`;
  }
}

function readLocation({ StorageDescriptor }: GlueTable): string {
  return StorageDescriptor?.Location ?? "";
}

/** The account-days of one table. */
export class DatasetReading implements PartitionReading {
  readonly name: string;
  readonly segments = SEGMENTS;
  /** By printAccountDay. Those whose own columns are of an earlier time have no folder, so that they are brought along. */
  readonly table: LakeTable;
  /** The same, each with the folder where it lies. */
  readonly stored = new Map<string, LakeDay>();
  readonly #days = new Map<string, LakeDay>();
  readonly #dataset: Dataset;
  readonly #url: string;

  constructor(entry: GlueTable, { dataset, url }: { readonly dataset: Dataset; readonly url: string }) {
    this.name = entry.Name ?? "";
    this.table = { name: this.name, days: this.#days, definition: readDefinition(entry) };
    this.#dataset = dataset;
    this.#url = url;
  }

  /** A partition with values that are none of ours is left alone. How many files it has, nobody asks: Athena reads the folder. */
  add({ Values = [], StorageDescriptor, Parameters }: GluePartition): void {
    const [account = "", year = "", month = "", date = ""] = Values;
    const day = dayFromParts(year, month, date);
    if (day === undefined || !isAccount(account) || Values.length !== LAKE_KEYS.length) return;
    const folder = parseLocation(this.#url, StorageDescriptor?.Location ?? "");
    const known: LakeDay = { dataset: this.#dataset, account, day, folder, parts: 1 };
    const id = printAccountDay(known);
    const isCurrent = Parameters?.[SCHEMA_PARAMETER] === String(LAKE_SCHEMA);
    this.stored.set(id, known);
    this.#days.set(id, isCurrent ? known : { ...known, folder: "" });
  }
}
