import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Day } from "../../../core/day.ts";
import { dayFromTime } from "../../../core/day.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import type { Place } from "./places.ts";
import { listPlaces, OWN_KEYS, parsePlace, printLocation, printValues, SHARED_KEYS } from "./places.ts";

fc.configureGlobal({ seed: 20261122 });

const PLACE: Place = {
  account: "111122223333",
  region: "eu-west-1",
  day: "2026-11-22" as Day,
  root: "s3://logs/a b/AWSLogs/o-aa111bb222/",
};

/** Parts of a prefix as S3 allows them: spaces, quotes, percent signs, any letters. */
const arbitraryPart = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .map((text) => text.replaceAll(/[/\n]/g, "_"));

const arbitraryPlace: fc.Arbitrary<Place> = fc.record({
  account: fc.stringMatching(/^[0-9]{12}$/),
  region: fc.constantFrom("us-east-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1"),
  day: fc.integer({ min: 0, max: 40_000 }).map((days) => dayFromTime(days * 86_400_000)),
  root: fc
    .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]$/), fc.array(arbitraryPart, { maxLength: 3 }))
    .map(([bucket, parts]) => `s3://${[bucket, ...parts, "AWSLogs"].join("/")}/`),
});

function parsed(place: Place, shared: boolean, location = printLocation(place)) {
  return parsePlace({ values: printValues(place, { shared }), location }, shared ? undefined : place.account);
}

describe("a place", () => {
  test.each([
    ["a table of one account", false],
    ["the shared table", true],
  ])("is read as it was printed in %s, whatever the prefix", (_, shared) => {
    fc.assert(
      fc.property(arbitraryPlace, (place) => {
        expect(printValues(place, { shared })).toHaveLength((shared ? SHARED_KEYS : OWN_KEYS).length);
        expect(parsed(place, shared)).toEqual({ place, isThere: true });
      }),
    );
  });

  test("lies where CloudTrail writes, with a final slash and no slash doubled", () => {
    expect(printLocation(PLACE)).toBe(
      "s3://logs/a b/AWSLogs/o-aa111bb222/111122223333/CloudTrail/eu-west-1/2026/11/22/",
    );
    fc.assert(
      fc.property(arbitraryPlace, (place) => {
        expect(printLocation(place).slice("s3://".length)).not.toContain("//");
        expect(printLocation(place)).toMatch(/\/\d{4}\/\d\d\/\d\d\/$/);
      }),
    );
  });

  test("has values in the order of the keys, all text", () => {
    expect(printValues(PLACE, { shared: false })).toEqual(["eu-west-1", "2026", "11", "22"]);
    const shared = ["111122223333", "eu-west-1", "2026", "11", "22", "logs/a b/AWSLogs/o-aa111bb222"];
    expect(printValues(PLACE, { shared: true })).toEqual(shared);
  });

  test.each([
    ["no final slash", "s3://logs/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/22"],
    ["another day", "s3://logs/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/23/"],
    ["another account", "s3://logs/AWSLogs/444455556666/CloudTrail/eu-west-1/2026/11/22/"],
    ["no bucket", "/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/22/"],
    ["nothing", ""],
  ])("is not there where its location has %s", (_, location) => {
    for (const shared of [true, false]) {
      const { place, isThere } = parsed(PLACE, shared, location) ?? {};
      expect([place?.day, isThere]).toEqual(["2026-11-22", false]);
    }
  });

  test("takes its root from the location in a table of one account, and from the key in the shared one", () => {
    const moved = printLocation({ ...PLACE, root: "s3://other/AWSLogs/" });
    expect(parsed(PLACE, false, moved)).toEqual({
      place: { ...PLACE, root: "s3://other/AWSLogs/" },
      isThere: true,
    });
    expect(parsed(PLACE, true, moved)).toEqual({ place: PLACE, isThere: false });
  });

  test.each([
    [["eu-west-1", "2026", "11"]],
    [["eu-west-1", "2026", "02", "30"]],
    [["eu-west-1", "26", "11", "22"]],
    [["eu-west-1", "2026", "11", "__HIVE_DEFAULT_PARTITION__"]],
    [["111122223333", "eu-west-1", "2026", "11", "22", "logs/AWSLogs"]],
    [[]],
  ])("is none of ours with the values %j", (values) => {
    expect(parsePlace({ values, location: printLocation(PLACE) }, PLACE.account)).toBeUndefined();
  });
});

test("listPlaces gives one place a root", () => {
  const { account, region, day } = PLACE;
  const roots = ["s3://a/AWSLogs/", "s3://b/AWSLogs/"];
  const partitions = new PartitionSet([{ account, region, day, roots }]);
  expect([...listPlaces(partitions)]).toEqual(roots.map((root) => ({ account, region, day, root })));
});
