import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Day } from "./day.ts";
import { dayFromParts } from "./day.ts";
import type { Covered, FolderPattern } from "./partition-cover.ts";
import { coverPartitions, extendCover } from "./partition-cover.ts";

fc.configureGlobal({ seed: 20261122 });

const ACCOUNT = "111122223333";
const ROOT = "/logs/AWSLogs/";
const FOLDER = `${ROOT}${ACCOUNT}/CloudTrail/`;

function table(places: readonly { region: string; day: string; roots?: readonly string[] }[]): Covered {
  const partitions = places.map(({ region, day, roots = [ROOT] }) => ({
    account: ACCOUNT,
    region,
    day: day as Day,
    roots,
  }));
  return { account: ACCOUNT, partitions };
}

/** Whether a day's folder, which ends with a slash, is one that the pattern stands for. */
function covers({ folder, levels }: FolderPattern, day: string): boolean {
  return day.startsWith(folder) && day.slice(folder.length).split("/").length - 1 === levels;
}

describe("coverPartitions", () => {
  test("takes an account's folder whole where nothing is outside", () => {
    const days = table([
      { region: "us-east-1", day: "2026-11-20" },
      { region: "eu-west-1", day: "2025-01-01" },
    ]);
    expect(coverPartitions(days, [])).toEqual([{ folder: FOLDER, levels: 4 }]);
  });

  test("takes the folder whole where only other accounts and kinds are outside", () => {
    const days = table([{ region: "us-east-1", day: "2026-11-20" }]);
    const outside = [
      `${ROOT}444455556666/CloudTrail/us-east-1/`,
      `${ROOT}${ACCOUNT}/CloudTrail-Digest/us-east-1/`,
    ];
    expect(coverPartitions(days, outside)).toEqual([{ folder: FOLDER, levels: 4 }]);
  });

  test("takes the folder of each root", () => {
    const roots = [ROOT, "/logs/o-aa111bb222/AWSLogs/o-aa111bb222/"];
    const days = table([{ region: "us-east-1", day: "2026-11-20", roots }]);
    expect(coverPartitions(days, []).map(({ folder }) => folder)).toEqual(
      roots.map((root) => `${root}${ACCOUNT}/CloudTrail/`),
    );
  });

  test("goes down only where something is outside", () => {
    const days = table([
      { region: "eu-west-1", day: "2026-11-20" },
      { region: "us-east-1", day: "2025-01-01" },
      { region: "us-east-1", day: "2026-10-31" },
      { region: "us-east-1", day: "2026-11-20" },
    ]);
    const outside = [`${FOLDER}us-east-1/2024/`, `${FOLDER}us-east-1/2026/11/19/`];
    expect(coverPartitions(days, outside)).toEqual([
      { folder: `${FOLDER}eu-west-1/`, levels: 3 },
      { folder: `${FOLDER}us-east-1/2025/`, levels: 2 },
      { folder: `${FOLDER}us-east-1/2026/10/`, levels: 1 },
      { folder: `${FOLDER}us-east-1/2026/11/20/`, levels: 0 },
    ]);
  });

  test("keeps a registered day that lies in a folder outside", () => {
    const days = table([{ region: "us-east-1", day: "2026-11-20" }]);
    expect(coverPartitions(days, [`${FOLDER}us-east-1/2026/`])).toEqual([
      { folder: `${FOLDER}us-east-1/2026/11/20/`, levels: 0 },
    ]);
  });

  test("does not take a Region for one whose name begins the same", () => {
    const days = table([{ region: "us-east-1", day: "2026-11-20" }]);
    expect(coverPartitions(days, [`${FOLDER}us-east-12/`])).toEqual([
      { folder: `${FOLDER}us-east-1/`, levels: 3 },
    ]);
  });

  test("is empty for a table without partitions", () => {
    expect(coverPartitions(table([]), [`${FOLDER}us-east-1/`])).toEqual([]);
  });
});

interface Known {
  readonly region: string;
  readonly parts: readonly [year: string, month: string, day: string];
  readonly registered: boolean;
  /** At which level a day that is not registered was passed over: its Region, year, month or the day itself. */
  readonly depth: number;
}

const known: fc.Arbitrary<readonly Known[]> = fc.uniqueArray(
  fc.record({
    region: fc.constantFrom("us-east-1", "us-east-2", "eu-west-1"),
    parts: fc.tuple(
      fc.constantFrom("2025", "2026"),
      fc.constantFrom("01", "02", "12"),
      fc.constantFrom("01", "02", "28"),
    ),
    registered: fc.boolean(),
    depth: fc.integer({ min: 1, max: 4 }),
  }),
  { selector: ({ region, parts }) => [region, ...parts].join("/"), maxLength: 30 },
);

function folderOf({ region, parts }: Known, depth = 4): string {
  return `${FOLDER}${[region, ...parts].slice(0, depth).join("/")}/`;
}

function cover(all: readonly Known[]): FolderPattern[] {
  const registered = all.filter((each) => each.registered);
  const places = registered.map(({ region, parts }) => ({ region, day: dayFromParts(...parts) ?? "" }));
  return coverPartitions(
    table(places),
    all.filter((each) => !each.registered).map((each) => folderOf(each, each.depth)),
  );
}

test("patterns cover each registered day once, and no day outside", () => {
  fc.assert(
    fc.property(known, (all) => {
      const patterns = cover(all);
      for (const each of all) {
        const matching = patterns.filter((pattern) => covers(pattern, folderOf(each)));
        expect(matching.length, folderOf(each)).toBe(each.registered ? 1 : 0);
      }
    }),
    { numRuns: 500 },
  );
});

test("no pattern holds another, and none is there for nothing", () => {
  fc.assert(
    fc.property(known, (all) => {
      const patterns = cover(all);
      for (const { folder } of patterns) {
        expect(patterns.filter((other) => folder.startsWith(other.folder))).toHaveLength(1);
        expect(all.some((each) => each.registered && folderOf(each).startsWith(folder))).toBe(true);
      }
    }),
  );
});

function path({ region, day }: { readonly region: string; readonly day: string }): string {
  return `${FOLDER}${region}/${day.replaceAll("-", "/")}/`;
}

describe("extendCover, after a look at a part of the store,", () => {
  const whole = { folder: FOLDER, levels: 4 };

  test("covers anew where everything was seen", () => {
    const days = table([{ region: "us-east-1", day: "2026-11-20" }]);
    const covered = [{ folder: `${FOLDER}us-east-1/2026/11/20/`, levels: 0 }];
    const elsewhere = `${ROOT}444455556666/`;
    expect(extendCover(days, covered, { outside: [], unseen: [elsewhere] })).toEqual([whole]);
  });

  test("leaves a table alone whose account was not looked at", () => {
    const days = table([{ region: "us-east-1", day: "2026-11-20" }]);
    const covered = [{ folder: `${FOLDER}us-east-1/2026/11/20/`, levels: 0 }];
    expect(extendCover(days, covered, { outside: [], unseen: [`${ROOT}${ACCOUNT}/`] })).toEqual(covered);
    expect(extendCover(days, [whole], { outside: [], unseen: [`${ROOT}${ACCOUNT}/`] })).toEqual([whole]);
  });

  test("does not narrow what was covered whole", () => {
    const days = table([{ region: "us-east-1", day: "2026-11-20" }]);
    expect(extendCover(days, [whole], { outside: [], unseen: [`${FOLDER}eu-west-1/`] })).toEqual([whole]);
  });

  test("adds what was found, and drops what the addition holds", () => {
    const days = table([
      { region: "us-east-1", day: "2026-11-20" },
      { region: "us-east-1", day: "2026-11-21" },
      { region: "eu-west-1", day: "2026-11-20" },
    ]);
    const covered = [
      { folder: `${FOLDER}eu-west-1/2026/11/20/`, levels: 0 },
      { folder: `${FOLDER}us-east-1/2026/11/20/`, levels: 0 },
    ];
    expect(extendCover(days, covered, { outside: [], unseen: [`${FOLDER}eu-west-1/`] })).toEqual([
      { folder: `${FOLDER}eu-west-1/2026/11/20/`, levels: 0 },
      { folder: `${FOLDER}us-east-1/`, levels: 3 },
    ]);
  });

  test("covers each registered day once, whatever parts are looked at one after the other", () => {
    const places = ["us-east-1", "eu-west-1"].flatMap((region) =>
      ["2025-12-31", "2026-01-01", "2026-01-02"].map((day) => ({ region, day })),
    );
    const looks = fc.array(fc.subarray(places, { minLength: 1 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(looks, (parts) => {
        const registered = new Set<(typeof places)[number]>();
        let covered: readonly FolderPattern[] = [];
        for (const part of parts) {
          for (const place of part) registered.add(place);
          const unseen = places.filter((place) => !part.includes(place)).map(path);
          covered = extendCover(table([...registered]), covered, { outside: [], unseen });
          for (const place of places) {
            const times = covered.filter((pattern) => covers(pattern, path(place))).length;
            expect(times).toBe(registered.has(place) ? 1 : 0);
          }
        }
      }),
    );
  });
});
