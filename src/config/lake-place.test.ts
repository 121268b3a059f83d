import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "../core/user-error.ts";
import { decideLakePlace, nameLake } from "./lake-place.ts";
import { decideSettings } from "./settings.ts";

function decide(lake: string, logs?: string): ReturnType<typeof decideLakePlace> {
  return decideLakePlace({ ...decideSettings({ logs, lake }, {}), lake });
}

describe("decideLakePlace", () => {
  test("makes a folder absolute", () => {
    expect(decide("lake", "./logs")).toEqual({ kind: "folder", folder: resolve("lake") });
    expect(decide("/data/lake/", "./logs")).toEqual({ kind: "folder", folder: "/data/lake" });
  });

  test.each([
    ["s3://lake-bucket", ""],
    ["s3://lake-bucket/", ""],
    ["s3://lake-bucket/a", "a"],
    ["S3://lake-bucket//a/b//", "a/b"],
  ])("reads the bucket of %s", (lake, prefix) => {
    expect(decide(lake, "s3://logs-bucket")).toEqual({ kind: "bucket", bucket: "lake-bucket", prefix });
  });

  test.each<[fact: string, lake: string, logs: string, message: string]>([
    ["no text", "", "./logs", "--lake is empty"],
    ["no text on AWS", " ", "s3://logs-bucket", "--lake is empty"],
    ["the folder of the logs", "./logs", "./logs", "lies in the folder of the logs"],
    ["a folder below that of the logs", "logs/a/lake", "./logs", "lies in the folder of the logs"],
    ["a folder below that of the logs, told otherwise", "a/../logs/lake", "logs/", "lies in the folder"],
    ["a folder below the working directory, where that has the logs", "lake", ".", "lies in the folder"],
    ["a folder above that of the logs", "/data", "/data/logs", "lie in the folder of the lake"],
    ["the root", "/", "/data/logs", "lie in the folder of the lake"],
    ["a folder among the logs", "/x/AWSLogs/lake", "/logs", "AWSLogs"],
    ["the folder AWSLogs itself", "/x/AWSLogs", "/logs", "AWSLogs"],
    ["a prefix among the logs", "s3://lake-bucket/AWSLogs/lake", "s3://logs-bucket", "AWSLogs"],
    ["the log bucket", "s3://logs-bucket/lake", "s3://logs-bucket/trail", "the log bucket is read-only"],
    ["a folder for Athena", "./lake", "s3://logs-bucket", "Athena reads a lake in S3"],
    ["a bucket for DuckDB", "s3://lake-bucket", "./logs", "DuckDB reads a lake from a folder"],
    ["another scheme", "gs://lake-bucket", "s3://logs-bucket", "neither a folder nor a bucket"],
    ["another scheme for DuckDB", "file:///lake", "./logs", "neither a folder nor a bucket"],
    ["no bucket", "s3://", "s3://logs-bucket", "does not begin with the name of a bucket"],
  ])("refuses %s, with a hint", (_, lake, logs, message) => {
    const decision = (): unknown => decide(lake, logs);
    expect(decision).toThrow(UserError);
    expect(decision).toThrow(message);
    expect(decision).toThrow(expect.objectContaining({ hint: expect.stringMatching(/.+/) as string }));
  });

  test.each([
    ["beside the logs", "/data/lake", "/data/logs"],
    ["that is named as the logs are, and more", "/data/logs-lake", "/data/logs"],
    ["beside AWSLogs, where the logs are pointed at below it", "/data/lake", "/data/AWSLogs"],
  ])("takes a folder %s", (_, lake, logs) => {
    expect(decide(lake, logs)).toEqual({ kind: "folder", folder: lake });
  });
});

describe("nameLake", () => {
  test("takes the folder cloudtrail-lake for DuckDB where none is named", () => {
    expect(nameLake(decideSettings({ logs: "./logs" }, {})).lake).toBe("cloudtrail-lake");
    expect(nameLake(decideSettings({ logs: "./logs", lake: "other" }, {})).lake).toBe("other");
  });

  test("wants one to be named for Athena", () => {
    expect(() => nameLake(decideSettings({ logs: "s3://logs-bucket" }, {}))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("--lake s3://bucket/prefix") as string }),
    );
  });
});
