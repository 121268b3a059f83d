import { describe, expect, test } from "vitest";
import { isAllowed, isLike, readStatements } from "./iam-policies.ts";

describe("isLike", () => {
  test.each([
    ["arn:aws:s3:::logs", "arn:aws:s3:::logs", true],
    ["arn:aws:s3:::logs", "arn:aws:s3:::log?", true],
    ["arn:aws:s3:::logs", "arn:aws:s3:::log", false],
    ["arn:aws:s3:::logs", "arn:aws:s3:::logs?", false],
    ["arn:aws:s3:::logs/a/b\nc", "arn:aws:s3:::logs/*", true],
    ["arn:aws:s3:::logs/a", "arn:aws:s3:::logs.a", false],
    ["🪵", "?", true],
    ["", "*", true],
    ["", "", true],
    ["a", "", false],
    ["a*c", "a${*}c", true],
    ["abc", "a${*}c", false],
    ["a?c", "a${?}c", true],
    ["abc", "a${?}c", false],
    ["${region}/x", "${$}{region}/*", true],
    ["$x", "$x", true],
    ["a{b}(c)[d]^e+f", "a{b}(c)[d]^e+f", true],
  ])("%j is like %j: %s", (text, pattern, isSo) => {
    expect(isLike(text, pattern)).toBe(isSo);
  });

  test("refuses variables, whose values are not known here", () => {
    expect(() => isLike("a", "${aws:username}")).toThrow("${aws:username}");
  });
});

const LIST = {
  Effect: "Allow",
  Action: ["s3:ListBucket"],
  Resource: ["arn:aws:s3:::logs"],
  Condition: { StringLike: { "s3:prefix": ["", "AWSLogs/*"] } },
};

function allows(policy: object, action: string, prefix?: string): boolean {
  const context: Record<string, string> = prefix === undefined ? {} : { "s3:prefix": prefix };
  const statements = readStatements({ Statement: policy });
  return isAllowed(statements, { action, resource: "arn:aws:s3:::logs", context });
}

describe("a policy", () => {
  test.each([
    ["the empty prefix", "", true],
    ["a prefix below a folder", "AWSLogs/1/", true],
    ["another prefix", "data/", false],
    ["no prefix at all", undefined, false],
  ])("with a condition on the prefix allows %s: %s", (_, prefix, isSo) => {
    expect(allows(LIST, "s3:ListBucket", prefix)).toBe(isSo);
  });

  test("takes single texts for lists, and actions in any case and with wildcards", () => {
    expect(allows({ Effect: "Allow", Action: "S3:list*", Resource: "*" }, "s3:ListBucket")).toBe(true);
    expect(allows({ Effect: "Allow", Action: "s3:Get*", Resource: "*" }, "s3:ListBucket")).toBe(false);
  });

  test("allows where one of its statements does, and all conditions of that one hold", () => {
    const other = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/*" };
    expect(allows([other, LIST], "s3:ListBucket", "")).toBe(true);
    const both = { ...LIST.Condition, StringEquals: { "aws:ResourceAccount": "123456789012" } };
    expect(allows({ ...LIST, Condition: both }, "s3:ListBucket", "")).toBe(false);
  });

  test("compares with StringEquals without wildcards", () => {
    const exact = { ...LIST, Condition: { StringEquals: { "S3:Prefix": "a*" } } };
    expect(allows(exact, "s3:ListBucket", "a*")).toBe(true);
    expect(allows(exact, "s3:ListBucket", "ab")).toBe(false);
  });

  test.each([
    ["NotAction", { NotAction: "s3:*" }],
    ["Deny", { Effect: "Deny" }],
    ["DateLessThan", { Condition: { DateLessThan: { "aws:CurrentTime": "2026-11-22" } } }],
    ["Resource", { Resource: [{ "Fn::GetAtt": ["Logs", "Arn"] }] }],
    ["Action", { Action: [] }],
  ])("with what is not known here is refused: %s", (name, change) => {
    expect(() => readStatements({ Statement: [{ ...LIST, ...change }] })).toThrow(name);
  });
});
