import { expect, test } from "vitest";
import type { ColumnConstraint } from "./io-plan.ts";
import { listProjected } from "./projected-partitions.ts";

const KEYS = ["region", "month"].map((name) => ({ name, type: "string" }));

const PARAMETERS = {
  "projection.region.type": "enum",
  "projection.region.values": "us-east-1,eu-west-1",
  "projection.month.type": "integer",
  "projection.month.range": "1,12",
  "projection.month.digits": "2",
  "storage.location.template": "s3://logs/$&/${region}/${month}/", // oxlint-disable-line no-template-curly-in-string
};

function bound(value: string) {
  return { value, isIncluded: true };
}

function on(column: string, ...values: string[]): ColumnConstraint {
  return {
    column,
    isNullAllowed: false,
    ranges: values.map((value) => ({ low: bound(value), high: bound(value) })),
  };
}

const TABLE = { keys: KEYS, parameters: PARAMETERS, location: "s3://logs/" };

test("listProjected fills the template with the values that the constraints leave", () => {
  const constraints = [on("region", "eu-west-1", "us-east-1"), on("month", "09", "10", "13")];
  expect(listProjected(TABLE, constraints)).toEqual([
    "s3://logs/$&/us-east-1/09/",
    "s3://logs/$&/us-east-1/10/",
    "s3://logs/$&/eu-west-1/09/",
    "s3://logs/$&/eu-west-1/10/",
  ]);
  expect(listProjected(TABLE, [])).toHaveLength(24);
});

test("listProjected names folders as Hive does where there is no template", () => {
  const { "storage.location.template": _, ...parameters } = PARAMETERS;
  expect(listProjected({ ...TABLE, parameters }, [on("region", "us-east-1"), on("month", "01")])).toEqual([
    "s3://logs/region=us-east-1/month=01/",
  ]);
});

test.each([
  ["dates", { "projection.month.type": "date" }],
  ["injected values", { "projection.month.type": "injected" }],
  ["values without a type", { "projection.month.type": "" }],
  ["numbers without a range", { "projection.month.range": "" }],
  ["too many", { "projection.month.range": "1,100000" }],
  ["far too many", { "projection.month.range": "1,100000000000" }],
])("listProjected lists no %s", (_, parameters) => {
  expect(listProjected({ ...TABLE, parameters: { ...PARAMETERS, ...parameters } }, [])).toBeUndefined();
});
