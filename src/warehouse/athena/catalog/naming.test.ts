import { expect, test } from "vitest";
import { tableName } from "../../../core/catalog.ts";
import { parseName, sharedTableName } from "./naming.ts";

test.each(["cloudtrail", "ct_2", "cloudtrail_eu"])(
  "names with the prefix %s say what they stand for",
  (prefix) => {
    expect(parseName(prefix, prefix)).toEqual({ kind: "all" });
    expect(parseName(sharedTableName(prefix), prefix)).toEqual({ kind: "shared" });
    expect(parseName(tableName(prefix, "000000000012"), prefix)).toEqual({
      kind: "account",
      account: "000000000012",
    });
  },
);

test.each([
  "cloudtrail_",
  "cloudtrail_12",
  "cloudtrail_0000000000123",
  "cloudtrail_raw_2",
  "cloudtrail_eu_000000000012",
  "cloudtrail000000000012",
  "other_000000000012",
  "",
])("%s is none of the names with the prefix cloudtrail", (name) => {
  expect(parseName(name, "cloudtrail")).toBeUndefined();
});
