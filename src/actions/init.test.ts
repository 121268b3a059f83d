import { describe, expect, test } from "vitest";
import type { Trail } from "../aws/trails.ts";
import { UserError } from "../core/user-error.ts";
import { findLogs, proposeLogs } from "./init.ts";

const TRAIL: Trail = {
  name: "management-events",
  bucket: "example-logs",
  prefix: "",
  homeRegion: "us-east-1",
  isOrganization: false,
  isMultiRegion: true,
  key: undefined,
};

const findFolders = (): Promise<string[]> => Promise.resolve(["."]);

describe("proposeLogs", () => {
  test("puts an organization's trail before an account's, all Regions before one, folders last", () => {
    const trails = [
      { ...TRAIL, bucket: "one-region", isMultiRegion: false },
      { ...TRAIL, bucket: "all-regions" },
      { ...TRAIL, bucket: "organization-one-region", isOrganization: true, isMultiRegion: false },
      { ...TRAIL, bucket: "organization", isOrganization: true },
    ];
    expect(proposeLogs(trails, ["./logs"]).map(({ kind, logs }) => `${kind} ${logs}`)).toEqual([
      "bucket s3://organization",
      "bucket s3://organization-one-region",
      "bucket s3://all-regions",
      "bucket s3://one-region",
      "folder ./logs",
    ]);
  });

  test("proposes a place once, with all trails that write there", () => {
    const trails = [
      TRAIL,
      { ...TRAIL, name: "data-events" },
      { ...TRAIL, name: "elsewhere", prefix: "security/" },
    ];
    expect(
      proposeLogs(trails, []).map(({ logs, trails: own }) => [logs, own.map(({ name }) => name)]),
    ).toEqual([
      ["s3://example-logs", ["management-events", "data-events"]],
      ["s3://example-logs/security", ["elsewhere"]],
    ]);
  });
});

describe("findLogs", () => {
  test("goes on with folders where AWS cannot be asked, and says why", async () => {
    const problem = new UserError("there are no AWS credentials");
    const report = await findLogs({ readTrails: () => Promise.reject(problem), findFolders });
    expect(report).toEqual({ proposals: [{ kind: "folder", logs: ".", trails: [] }], problem });
  });

  test("passes bugs on", async () => {
    const bug = new TypeError("x is not a function");
    await expect(findLogs({ readTrails: () => Promise.reject(bug), findFolders })).rejects.toBe(bug);
  });
});
