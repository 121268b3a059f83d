import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Day } from "../../../core/day.ts";
import type { Partition } from "../../../core/partition-set.ts";
import { PartitionSet } from "../../../core/partition-set.ts";
import { UserError } from "../../../core/user-error.ts";
import { printLocation } from "./places.ts";
import { listProjected, planProjection } from "./projection.ts";

fc.configureGlobal({ seed: 20261122 });

const [A, B] = ["111122223333", "444455556666"] as const;
const [ROOT, OTHER] = ["s3://logs/it's 100%/AWSLogs/", "s3://logs/AWSLogs/o-aa111bb222/"] as const;

function partition(account: string, region: string, day: string, root: string = ROOT): Partition {
  return { account, region, day: day as Day, roots: [root] };
}

/** Where Athena looks for values: in the template, each value in its place. */
function locate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
}

const SET = new PartitionSet([
  partition(A, "us-east-1", "2024-02-29"),
  partition(A, "eu-west-1", "2026-11-22"),
]);

describe("projected partitions", () => {
  test("of an account are listed by Region, and counted by year, month and day", () => {
    const lines = Object.entries(planProjection(A, SET)).map(([key, value]) => `${key} = ${value}`);
    expect(lines).toEqual([
      "projection.enabled = true",
      "projection.region.type = enum",
      "projection.region.values = eu-west-1,us-east-1",
      "projection.year.type = integer",
      "projection.year.range = 2024,2027",
      "projection.year.digits = 4",
      "projection.month.type = integer",
      "projection.month.range = 1,12",
      "projection.month.digits = 2",
      "projection.day.type = integer",
      "projection.day.range = 1,31",
      "projection.day.digits = 2",
      // oxlint-disable-next-line no-template-curly-in-string -- Athena's
      "storage.location.template = s3://logs/it's 100%/AWSLogs/111122223333/CloudTrail/${region}/${year}/${month}/${day}/",
    ]);
  });

  test("of the shared table are listed by account and root, too", () => {
    const both = new PartitionSet([...SET, partition(B, "us-east-1", "2026-11-21", OTHER)]);
    expect(planProjection(undefined, both)).toMatchObject({
      "projection.account.type": "enum",
      "projection.account.values": `${A},${B}`,
      "projection.root.type": "enum",
      "projection.root.values": "logs/AWSLogs/o-aa111bb222,logs/it's 100%/AWSLogs",
      // oxlint-disable-next-line no-template-curly-in-string -- Athena's
      "storage.location.template": "s3://${root}/${account}/CloudTrail/${region}/${year}/${month}/${day}/",
    });
  });

  test("lie where registered ones do", () => {
    for (const account of [A, undefined]) {
      const template = planProjection(account, SET)["storage.location.template"] ?? "";
      const [year, month, day] = ["2026", "11", "22"];
      const values = { account: A, region: "eu-west-1", year, month, day, root: "logs/it's 100%/AWSLogs" };
      const place = { account: A, region: "eu-west-1", day: "2026-11-22" as Day, root: ROOT };
      expect(locate(template, values)).toBe(printLocation(place));
    }
  });

  test("are refused for a prefix with a comma in the shared table, where commas part the values", () => {
    const set = new PartitionSet([partition(A, "us-east-1", "2026-11-22", "s3://logs/a,b/AWSLogs/")]);
    expect(() => planProjection(undefined, set)).toThrow(UserError);
    expect(() => planProjection(A, set)).not.toThrow();
  });
});

describe("what properties say of accounts, Regions, roots and years", () => {
  const arbitraryPartition = fc
    .tuple(
      fc.constantFrom(A, B),
      fc.constantFrom("us-east-1", "eu-west-1", "us-gov-west-1"),
      fc.integer({ min: 2014, max: 2030 }),
      fc.constantFrom(ROOT, OTHER),
    )
    .map(([account, region, year, root]) => partition(account, region, `${year}-06-15`, root));

  test("gives the same properties again, however often", () => {
    fc.assert(
      fc.property(fc.array(arbitraryPartition, { minLength: 1, maxLength: 12 }), (partitions) => {
        const properties = planProjection(undefined, new PartitionSet(partitions));
        const known = new PartitionSet(
          [...listProjected(undefined, properties)].map(({ root, ...place }) => ({
            ...place,
            roots: [root],
          })),
        );
        expect(planProjection(undefined, known)).toEqual(properties);
      }),
    );
  });

  test("is nothing where they say nothing", () => {
    expect([...listProjected(A, {})]).toEqual([]);
    expect([...listProjected(undefined, { "projection.enabled": "true" })]).toEqual([]);
  });
});
