import { createHash } from "node:crypto";
import { appendFile, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { decompress } from "@bokuweb/zstd-wasm";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, onTestFinished, test } from "vitest";
import { BREAKAGES } from "../../tools/generate-logs/broken.ts";
import { generateLogs } from "../../tools/generate-logs/generate-logs.ts";
import { parseLogKey } from "../core/log-key.ts";
import type { Source } from "../core/lake/source-list.ts";
import { expectRecords } from "../core/shred/expected-records.contract.ts";
import { SourceChanged } from "../core/source-changed.ts";
import { UserError } from "../core/user-error.ts";
import type { TestFile } from "../fixtures.contract.ts";
import { errorOf, makeFolder, makeLog, putFiles } from "../fixtures.contract.ts";
import type { Compactor, CompactorOptions, DayResult, DayWork, SourceReading } from "./compactor.ts";
import type { Limits } from "./limits.ts";
import { LIMITS } from "./limits.ts";
import { openZstd } from "./zstd.ts";

export type OpenCompactor = (options: CompactorOptions, limits?: Limits) => Promise<Compactor>;

/** Many parts and jobs of few files. */
const SMALL: Limits = { jobStoredBytes: 6000, partTextBytes: 20_000, partCells: 10_000 };
const MEMORY = 1e9;

interface Lake {
  readonly result: DayResult;
  /** By number. */
  readonly parts: readonly Uint8Array[];
}

interface Logs {
  readonly folder: string;
  readonly sources: readonly Source[];
  readonly reading: SourceReading;
}

async function putLogs(files: readonly TestFile[]): Promise<Logs> {
  const folder = await makeFolder("logs");
  await putFiles(folder, files);
  const sources = await Promise.all(
    files.map(async ({ key }) => {
      const { size, mtimeMs } = await stat(join(folder, key));
      return { key, region: parseLogKey(key)?.region ?? "none", size, tag: String(mtimeMs) };
    }),
  );
  return { folder, sources, reading: { kind: "folder", folder } };
}

function readByStore({ folder }: Logs): SourceReading {
  return { kind: "store", read: ({ key }) => readFile(join(folder, key)) };
}

async function compactLogs(
  compactor: Compactor,
  { sources, reading }: Pick<Logs, "sources" | "reading">,
  work: Partial<DayWork> = {},
): Promise<Lake> {
  const parts: Uint8Array[] = [];
  const writePart = async (part: number, pieces: readonly Uint8Array[]): Promise<void> => {
    expect(parts[part]).toBe(undefined);
    parts[part] = Buffer.concat(pieces);
  };
  const result = await compactor.compactDay({ dataset: "data", sources, reading, writePart, ...work });
  return { result, parts };
}

type Row = Readonly<Record<string, unknown>>;

/** By an independent reader. */
async function readPart(part: Uint8Array): Promise<Row[]> {
  await openZstd();
  const file = new Uint8Array(part).buffer;
  return parquetReadObjects({ file, compressors: { ZSTD: (page) => decompress(page) } });
}

async function readParts({ parts }: Lake): Promise<Row[][]> {
  return Promise.all(parts.map(readPart));
}

/** Of the built code, the classes are others of the same name. */
function classOf(error: unknown): string | undefined {
  return error instanceof Error ? error.constructor.name : undefined;
}

function makeEvents(file: string, events: readonly object[], region = "us-east-1"): TestFile {
  return makeLog({ file: `${file}.json.gz`, region, records: events });
}

function makeTimes(...times: readonly string[]): object[] {
  return times.map((eventTime, index) => ({ eventTime, eventID: `${index}` }));
}

/** Events of which every third has come before, in files of some kilobytes, in two Regions. */
function makeRepeating(files = 40): TestFile[] {
  return Array.from({ length: files }, (_, file) =>
    makeEvents(
      String(file).padStart(3, "0"),
      Array.from({ length: 12 }).map((__, place) => makeNumbered(file * 12 + place)),
      file % 2 === 0 ? "us-east-1" : "eu-west-1",
    ),
  );
}

function makeNumbered(number: number): object {
  const eventID = number % 3 === 2 ? `event ${Math.floor(number / 7)}` : `event ${number}`;
  const filler = createHash("sha256").update(eventID).digest("hex").repeat(4);
  return {
    ...(number % 50 === 0 ? {} : { eventID }),
    ...(number % 4 === 0 ? {} : { recipientAccountId: `11112222333${number % 2}` }),
    eventTime: `2026-11-20T0${number % 10}:00:00Z`,
    requestParameters: { number, filler },
  };
}

/** What a set of what came before would keep, and how many it would drop of each file. */
async function expectKept(lake: Lake, logs: Logs): Promise<void> {
  const met = new Set<string>();
  const kept: unknown[] = [];
  for (const [index, { key }] of logs.sources.entries()) {
    const text = gunzipSync(await readFile(join(logs.folder, key))).toString();
    const { Records } = JSON.parse(text) as { Records: Record<string, unknown>[] };
    let dropped = 0;
    for (const { eventID, recipientAccountId, requestParameters } of Records) {
      const identity = JSON.stringify([eventID, recipientAccountId ?? null]);
      if (eventID !== undefined && met.has(identity)) dropped++;
      else kept.push((requestParameters as { number: number }).number);
      if (eventID !== undefined) met.add(identity);
    }
    expect(lake.result.sources[index]).toMatchObject({ events: Records.length, duplicates: dropped });
  }
  const rows = (await readParts(lake)).flat();
  const numbers = rows.map(
    ({ requestparameters }) => (JSON.parse(String(requestparameters)) as { number: number }).number,
  );
  expect(numbers.toSorted((a, b) => a - b)).toEqual(kept.toSorted((a, b) => Number(a) - Number(b)));
}

function expectConsistent({ result, parts }: Lake): void {
  expect(result.files.map(({ name }) => name)).toEqual(
    parts.map((_, part) => `part-${String(part).padStart(5, "0")}.parquet`),
  );
  for (const [part, file] of parts.entries()) {
    const sha256 = createHash("sha256").update(file).digest("hex");
    expect(result.files[part]).toMatchObject({ bytes: file.length, sha256 });
    const { num_rows } = parquetMetadata(new Uint8Array(file).buffer);
    expect(result.files[part]?.records).toBe(Number(num_rows));
    const own = result.sources.filter((source) => source.part === part);
    expect(own.reduce((sum, { events = 0, duplicates }) => sum + events - duplicates, 0)).toBe(
      Number(num_rows),
    );
  }
}

/** What every compactor must do. */
export function testCompactor(name: string, open: OpenCompactor, threads: readonly number[]): void {
  const openHere = async (count = threads[0]!, limits?: Limits): Promise<Compactor> => {
    const compactor = await open({ memory: MEMORY, threads: count }, limits);
    onTestFinished(() => compactor.close());
    return compactor;
  };

  describe(name, () => {
    test("writes what an independent reader reads back, by Region and time", async () => {
      const events = [
        { eventID: "b", eventTime: "2026-11-20T02:00:00Z", userIdentity: { type: "Root" } },
        { eventID: "a", eventTime: "2026-11-20T01:00:00Z", requestParameters: { price: "1.10 \u00e9" } },
        { eventID: "odd", eventTime: "yesterday", unknownField: 1 },
      ];
      const logs = await putLogs([
        makeEvents("1", events.slice(0, 1)),
        makeEvents("2", events.slice(1), "eu-west-1"),
      ]);
      const lake = await compactLogs(await openHere(), logs);
      const rows = (await readParts(lake)).flat();
      expect(rows.map(({ eventid, region }) => [eventid, region])).toEqual([
        ["a", "eu-west-1"],
        ["odd", "eu-west-1"],
        ["b", "us-east-1"],
      ]);
      expect(rows[0]).toMatchObject({ requestparameters: '{"price":"1.10 \u00e9"}' });
      expect(rows[1]).toMatchObject({ otherfields: '{"unknownField":1}' });
      expect(rows[2]).toMatchObject({ useridentity: { type: "Root" } });
      expectConsistent(lake);
    });

    test("tells the first and last event time of each Region", async () => {
      const logs = await putLogs([
        makeEvents("1", makeTimes("2026-11-20T05:00:00Z", "2026-11-20T04:00:01Z", "2026-11-20T09:00:00Z")),
        makeEvents("2", makeTimes("yesterday"), "eu-west-1"),
        makeEvents("3", [{ eventTime: "2026-11-19T23:59:59Z" }]),
      ]);
      const { result } = await compactLogs(await openHere(), logs);
      expect([...result.times]).toEqual([
        ["us-east-1", { first: "2026-11-19T23:59:59Z", last: "2026-11-20T09:00:00Z" }],
      ]);
    });

    test("hashes a log's text, as digest files do", async () => {
      const logs = await putLogs([makeEvents("1", [{ eventID: "x" }])]);
      const { result } = await compactLogs(await openHere(), logs);
      const sha256 = createHash("sha256").update('{"Records":[{"eventID":"x"}]}').digest("hex");
      expect(result.sources).toEqual([
        { ...logs.sources[0], sha256, events: 1, duplicates: 0, setAside: undefined, part: 0 },
      ]);
    });

    test("keeps the first of each event, across all parts and jobs", async () => {
      const logs = await putLogs(makeRepeating());
      const lake = await compactLogs(await openHere(undefined, SMALL), logs);
      expect(lake.parts.length).toBeGreaterThan(5);
      expectConsistent(lake);
      await expectKept(lake, logs);
    });

    test("keeps the first of each event, where one job makes several parts", async () => {
      const logs = await putLogs(makeRepeating(16));
      const lake = await compactLogs(await openHere(undefined, { ...SMALL, jobStoredBytes: 1e9 }), logs);
      expect(lake.parts.length).toBeGreaterThan(2);
      expectConsistent(lake);
      await expectKept(lake, logs);
    });

    test("takes no further file into a part that has many rows", async () => {
      const logs = await putLogs(makeRepeating(6));
      const lake = await compactLogs(await openHere(undefined, { ...LIMITS, partCells: 20 }), logs);
      expect(lake.result.sources.map(({ part }) => part)).toEqual([0, 0, 1, 1, 2, 2]);
    });

    test("gives the same bytes with any number of threads, whatever the memory, the reading and the rest under way", async () => {
      const logs = await putLogs(makeRepeating());
      const lakes: Lake[] = [];
      for (const count of threads) {
        const compactor = await openHere(count, SMALL);
        lakes.push(...(await Promise.all([compactLogs(compactor, logs), compactLogs(compactor, logs)])));
        lakes.push(await compactLogs(compactor, { ...logs, reading: readByStore(logs) }));
        const small = await open({ memory: 4.1e8, threads: count }, SMALL);
        onTestFinished(() => small.close());
        lakes.push(await compactLogs(small, logs));
      }
      for (const { result } of lakes) expect(result).toEqual(lakes[0]!.result);
      for (const lake of lakes) expectConsistent(lake);
    });

    test("takes all files of an account-day, of whatever form, and loses no event", async () => {
      const files = [
        ...generateLogs({
          seed: 4,
          files: 60,
          duplicates: 0.05,
          empty: 0.02,
          broken: true,
          noise: true,
          records: 5,
        }),
      ]
        .filter(({ key, bytes }) => parseLogKey(key) !== undefined && bytes.length < 1e6)
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
      const lake = await compactLogs(
        await openHere(undefined, { ...LIMITS, jobStoredBytes: 200_000 }),
        await putLogs(files),
      );
      expectConsistent(lake);
      for (const [index, { bytes }] of files.entries()) {
        const { setAside, events } = lake.result.sources[index]!;
        expect(events).toBe(
          setAside === undefined ? expectRecords(gunzipSync(bytes), "")?.length : undefined,
        );
      }
      expect(lake.result.sources.filter(({ setAside }) => setAside !== undefined).length).toBeGreaterThan(10);
    });

    test("sets aside what is no log, and says why", async () => {
      const records = [{ eventID: "x" }, { eventID: "y" }].map((record) => JSON.stringify(record));
      const text = `{"Records":[${records.join(",")}]}`;
      const sound = { records, text, gzip: gzipSync(text) };
      const broken = Object.entries(BREAKAGES).map(([file, breakIt]) => ({
        ...makeEvents(file, []),
        bytes: breakIt(sound),
      }));
      const bomb = { ...makeEvents("bomb", []), bytes: gzipSync(Buffer.alloc(2 ** 27 + 1, " ")) };
      const many = { ...makeEvents("many", []), bytes: gzipSync(`{"Records":[${"{},".repeat(500_000)}{}]}`) };
      const control = { ...makeEvents("control", []), bytes: gzipSync('{"Records":[\u001b[31m') };
      const logs = await putLogs([...broken, bomb, many, control, makeEvents("sound", [{ eventID: "z" }])]);
      const lake = await compactLogs(await openHere(), logs);
      expect(
        Object.fromEntries(
          lake.result.sources.map(({ key, setAside }) => [/([^/]+)\.json\.gz$/.exec(key)?.[1], setAside]),
        ),
      ).toEqual({ ...REASONS, sound: undefined });
      const isRead = lake.result.sources.map(({ sha256 }) => sha256 !== undefined);
      expect(isRead).toEqual(
        lake.result.sources.map(
          ({ setAside }) => setAside === undefined || setAside.startsWith("not a CloudTrail log"),
        ),
      );
      expect((await readParts(lake)).flat()).toHaveLength(1);
      expectConsistent(lake);
    }, 120_000);

    test("does not read a file that is too large for any log", async () => {
      const logs = await putLogs([makeEvents("1", [{ eventID: "x" }])]);
      const huge: Source = { key: "huge.json.gz", region: "us-east-1", size: 2 ** 33, tag: "none" };
      for (const reading of [logs.reading, readByStore(logs)]) {
        const { result } = await compactLogs(await openHere(), { sources: [huge, ...logs.sources], reading });
        expect(result.sources.map(({ setAside, part }) => [setAside, part])).toEqual([
          ["more than 128 MiB of gzip", undefined],
          [undefined, 0],
        ]);
      }
    });

    test("writes one file without rows where there is no record", async () => {
      const empty = makeEvents("empty", []);
      for (const files of [[], [empty], [{ ...empty, bytes: Buffer.from("x") }]]) {
        const lake = await compactLogs(await openHere(), await putLogs(files));
        expect(lake.parts).toHaveLength(1);
        expect(await readPart(lake.parts[0]!)).toEqual([]);
        expect(parquetMetadata(new Uint8Array(lake.parts[0]!).buffer).row_groups).toEqual([]);
        expectConsistent(lake);
      }
    });

    test("has a column for the details of Insights, among those alone", async () => {
      const logs = await putLogs([makeEvents("1", [{ eventID: "x", insightDetails: { state: "Start" } }])]);
      const compactor = await openHere();
      const insight = await compactLogs(compactor, logs, { dataset: "insight" });
      const data = await compactLogs(compactor, logs);
      expect((await readParts(insight)).flat()[0]).toMatchObject({
        insightdetails: '{"state":"Start"}',
        otherfields: null,
      });
      expect((await readParts(data)).flat()[0]).toMatchObject({
        otherfields: '{"insightDetails":{"state":"Start"}}',
      });
    });

    test("refuses files that are not as they were listed", async () => {
      const files = ["1", "2", "3"].map((file) => makeEvents(file, [{ eventID: file }]));
      const changes: ((file: string) => Promise<void>)[] = [
        (file) => rm(file),
        (file) => appendFile(file, "x"),
        (file) => utimes(file, new Date(0), new Date(0)),
      ];
      for (const change of changes) {
        const logs = await putLogs(files);
        await change(join(logs.folder, logs.sources[1]!.key));
        const error = await errorOf(compactLogs(await openHere(), logs));
        expect(error).toMatchObject({ key: logs.sources[1]!.key });
        expect(classOf(error)).toBe("SourceChanged");
      }
    });

    test("says which file cannot be read", async () => {
      const logs = await putLogs([makeEvents("1", [{ eventID: "x" }])]);
      await rm(join(logs.folder, logs.sources[0]!.key));
      await putFiles(logs.folder, [{ key: `${logs.sources[0]!.key}/inside`, bytes: Buffer.from("x") }]);
      const { size, mtimeMs } = await stat(join(logs.folder, logs.sources[0]!.key));
      const sources = [{ ...logs.sources[0]!, size, tag: String(mtimeMs) }];
      const error = await errorOf(compactLogs(await openHere(), { ...logs, sources }));
      expect(classOf(error)).toBe("UserError");
      expect(error).toMatchObject({ message: expect.stringContaining(logs.sources[0]!.key) as string });
    });

    test("throws what a store throws, and does the next account-day", async () => {
      const logs = await putLogs(makeRepeating(8));
      const compactor = await openHere(undefined, SMALL);
      const { read } = readByStore(logs) as SourceReading & { readonly kind: "store" };
      const reading: SourceReading = {
        kind: "store",
        read: async (source, options) => {
          if (source === logs.sources[5]) throw new SourceChanged(source.key);
          return read(source, options);
        },
      };
      expect(await errorOf(compactLogs(compactor, { ...logs, reading }))).toMatchObject({
        key: logs.sources[5]!.key,
      });
      expectConsistent(await compactLogs(compactor, logs));
    });

    test("throws what writing throws, begins nothing new, and does the next account-day", async () => {
      const logs = await putLogs(makeRepeating());
      const compactor = await openHere(undefined, SMALL);
      let written = 0;
      const writePart = async (): Promise<void> => {
        written++;
        throw new UserError("the disk is full");
      };
      const error = await errorOf(compactLogs(compactor, logs, { writePart }));
      expect(error).toMatchObject({ message: "the disk is full" });
      const before = written;
      expectConsistent(await compactLogs(compactor, logs));
      expect(written).toBe(before);
    });

    test("stops soon when it is aborted, and does the next account-day", async () => {
      const logs = await putLogs(makeRepeating());
      const compactor = await openHere(undefined, SMALL);
      const aborter = new AbortController();
      const reason = new Error("enough");
      let written = 0;
      let abortedAt = 0;
      const writePart = async (): Promise<void> => {
        if (++written < 3) return;
        abortedAt ||= performance.now();
        aborter.abort(reason);
      };
      expect(await errorOf(compactLogs(compactor, logs, { writePart, signal: aborter.signal }))).toBe(reason);
      expect(performance.now() - abortedAt).toBeLessThan(500);
      const before = written;
      expect(await errorOf(compactLogs(compactor, logs, { signal: aborter.signal }))).toBe(reason);
      expectConsistent(await compactLogs(compactor, logs));
      expect(written).toBe(before);
    });

    test("stops where reading never ends, when it is aborted", async () => {
      const logs = await putLogs(makeRepeating(2));
      const aborter = new AbortController();
      const read = (): Promise<Uint8Array> => {
        setTimeout(() => aborter.abort(new Error("enough")), 20);
        return new Promise(() => undefined);
      };
      const work = compactLogs(
        await openHere(),
        { ...logs, reading: { kind: "store", read } },
        { signal: aborter.signal },
      );
      expect(await errorOf(work)).toMatchObject({ message: "enough" });
    });

    test("tells what has been read", async () => {
      const logs = await putLogs(makeRepeating());
      let objects = 0;
      let bytes = 0;
      await compactLogs(await openHere(undefined, SMALL), logs, {
        onRead: (read) => {
          objects += read.objects;
          bytes += read.bytes;
        },
      });
      expect([objects, bytes]).toEqual([
        logs.sources.length,
        logs.sources.reduce((sum, { size }) => sum + size, 0),
      ]);
    });

    test("reads a store's files few at a time, and not far ahead", async () => {
      const logs = await putLogs(makeRepeating(60));
      const { read } = readByStore(logs) as SourceReading & { readonly kind: "store" };
      let now = 0;
      let most = 0;
      const reading: SourceReading = {
        kind: "store",
        read: async (source, options) => {
          most = Math.max(most, ++now);
          const bytes = await read(source, options);
          now--;
          return bytes;
        },
      };
      await compactLogs(await openHere(), { ...logs, reading });
      expect(most).toBe(16);
    });

    test("leaves nothing behind, whether it ends well or not", async () => {
      const scratch = await makeFolder();
      const before = process.env["TMPDIR"];
      onTestFinished(() => {
        if (before === undefined) delete process.env["TMPDIR"];
        else process.env["TMPDIR"] = before;
      });
      const logs = await putLogs(makeRepeating());
      process.env["TMPDIR"] = scratch;
      const compactor = await openHere(undefined, SMALL);
      await compactLogs(compactor, logs);
      await errorOf(compactLogs(compactor, logs, { writePart: () => Promise.reject(new Error("no")) }));
      expect(await readdir(scratch)).toEqual([]);
    });

    test("names the option where the memory is too little", async () => {
      const error = await errorOf(open({ memory: 2e8, threads: threads[0]! }));
      expect(classOf(error)).toBe("UserError");
      expect(error).toMatchObject({
        message: "--memory of 200 MB is too little to compact logs",
        hint: "give at least --memory 400MB",
      });
    });
  });
}

const REASONS: Readonly<Record<string, string>> = {
  "gzip cut short": "truncated gzip",
  "gzip header only": "truncated gzip",
  "plain JSON, not gzip": "not gzip (incorrect header check)",
  "no bytes": "empty file",
  "only zeros": "not gzip (incorrect header check)",
  "gzip of nothing":
    'not a CloudTrail log: expected an object with a list "Records" at byte 0, found the end',
  "gzip and garbage": "bytes after the end of the gzip",
  "wrong checksum": "damaged gzip (incorrect data check)",
  "wrong length": "damaged gzip (incorrect length check)",
  "not JSON": `not a CloudTrail log: expected an object with a list "Records" at byte 0, found "<html><body>"`,
  "JSON cut short": "not a CloudTrail log: expected a string's closing quote at byte 5, found the end",
  "an array": `not a CloudTrail log: expected an object with a list "Records" at byte 0, found "[{\\"eventID\\":"`,
  "a string": `not a CloudTrail log: expected an object with a list "Records" at byte 0, found "\\"Records\\""`,
  null: 'not a CloudTrail log: expected an object with a list "Records" at byte 0, found "null"',
  "no Records": `not a CloudTrail log: expected a list "Records" in the object at byte 0, found "{\\"records\\":["`,
  "Records a string": String.raw`not a CloudTrail log: expected a list as "Records" at byte 11, found "\"{\\\"eventID\\"`,
  "Records null": 'not a CloudTrail log: expected a list as "Records" at byte 11, found "null}"',
  "Records an object": `not a CloudTrail log: expected a list as "Records" at byte 11, found "{\\"eventID\\":\\""`,
  "one record a line": `not a CloudTrail log: expected a list "Records" in the object at byte 0, found "{\\"eventID\\":\\""`,
  bomb: "more than 128 MiB of text",
  many: 'not a CloudTrail log: expected at most 500000 records at byte 1500012, found "{}]}"',
  control: "not a CloudTrail log: expected a value at byte 12, found byte 0x1b",
};
