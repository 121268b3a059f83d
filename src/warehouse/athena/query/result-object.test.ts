import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { collect, errorOf, toAsync } from "../../../fixtures.contract.ts";
import { openObject } from "./result-object.ts";

const ROWS = Array.from({ length: 5000 }, (_, index) => [String(index), index % 2 === 0 ? null : "é\n🦊"]);

const TEXT = Buffer.from(
  `"number","text"\n${ROWS.map(([number, text]) => `"${number}",${text === null ? "" : `"${text}"`}\n`).join("")}`,
);

/** Serves the object, and breaks each of the first transfers off after so many bytes. */
async function serve(breaks: number, bytes = 20_001): Promise<{ client: S3Client; ranges: string[] }> {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    const { range = "", "if-match": tag = "" } = request.headers;
    ranges.push([range, tag].join(" "));
    const from = Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0);
    response.writeHead(range === "" ? 200 : 206, { "content-length": TEXT.length - from, etag: '"tag"' });
    if (ranges.length > breaks) return void response.end(TEXT.subarray(from));
    response.write(TEXT.subarray(from, from + bytes), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" },
  });
  onTestFinished(() => client.destroy());
  return { client, ranges };
}

const OPTIONS = { url: "s3://answers/a/b.csv", names: ["number", "text"], signal: undefined };

test("a transfer that breaks off goes on where it was, in the middle of a letter too", async () => {
  const { client, ranges } = await serve(2);
  const batches = await openObject(client, OPTIONS);
  expect((await collect(batches ?? toAsync([]))).flat()).toEqual(ROWS);
  expect(ranges).toEqual([
    " ",
    expect.stringMatching(/^bytes=\d+- "tag"$/),
    expect.stringMatching(/^bytes=\d+- "tag"$/),
  ]);
});

test("a transfer that breaks off time and again is an error", async () => {
  const { client, ranges } = await serve(100, 10_000);
  const batches = await openObject(client, OPTIONS);
  expect(await errorOf(collect(batches ?? toAsync([])))).toMatchObject({
    name: "UserError",
    message: expect.stringContaining("s3:GetObject on s3://answers/a/b.csv"),
  });
  expect(ranges).toHaveLength(6);
});

test("an object with other columns is another object", async () => {
  const { client } = await serve(0);
  expect(await openObject(client, { ...OPTIONS, names: ["number", "other"] })).toBeUndefined();
  expect(await openObject(client, { ...OPTIONS, names: ["number"] })).toBeUndefined();
});
