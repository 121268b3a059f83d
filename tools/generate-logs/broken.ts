import { gzipSync } from "node:zlib";
import type { GeneratedFile } from "./generated-file.ts";
import { printJson } from "./json.ts";
import { nameLogKey } from "./log-name.ts";
import type { Sample } from "./sample.ts";
import { sampleRecords } from "./sample.ts";

/** What a log file that cannot be read may hold; the names say what is wrong. */
export const BREAKAGES = {
  "gzip cut short": ({ gzip }) => gzip.subarray(0, Math.floor(gzip.length * 0.6)),
  "gzip header only": ({ gzip }) => gzip.subarray(0, 10),
  "plain JSON, not gzip": ({ text }) => Buffer.from(text),
  "no bytes": () => new Uint8Array(0),
  "only zeros": () => new Uint8Array(4096),
  "gzip of nothing": () => gzipSync(""),
  "gzip and garbage": ({ gzip }) => Buffer.concat([gzip, Buffer.from("garbage")]),
  "wrong checksum": ({ gzip }) => flipByte(gzip, gzip.length - 8),
  "wrong length": ({ gzip }) => flipByte(gzip, gzip.length - 4),
  "not JSON": () => gzipSync("<html><body><h1>503 Service Unavailable</h1></body></html>\n"),
  "JSON cut short": ({ text }) => gzipSync(text.slice(0, -40)),
  "an array": ({ records }) => gzipSync(`[${records.join(",")}]`),
  "a string": () => gzipSync('"Records"'),
  null: () => gzipSync("null"),
  "no Records": ({ records }) => gzipSync(`{"records":[${records.join(",")}]}`),
  "Records a string": ({ records }) => gzipSync(`{"Records":${JSON.stringify(records.join(","))}}`),
  "Records null": () => gzipSync('{"Records":null}'),
  "Records an object": ({ records }) => gzipSync(`{"Records":${records[0]}}`),
  "one record a line": ({ records }) => gzipSync(`${records.join("\n")}\n`),
} as const satisfies Readonly<Record<string, (sound: SoundFile) => Uint8Array>>;

/** What the file would have been. */
interface SoundFile {
  readonly records: readonly string[];
  readonly text: string;
  readonly gzip: Uint8Array;
}

/** One file of each breakage, where a log file belongs and under a name that is right. */
export function* makeBrokenFiles(sample: Sample): Generator<GeneratedFile> {
  for (const [note, breakIt] of Object.entries(BREAKAGES)) {
    const records = sampleRecords(sample, 3).map(printJson);
    const text = `{"Records":[${records.join(",")}]}`;
    const bytes = breakIt({ records, text, gzip: gzipSync(text) });
    yield { key: nameLogKey(sample), bytes, records: 0, kind: "broken", note };
  }
}

function flipByte(bytes: Uint8Array, position: number): Uint8Array {
  return bytes.map((byte, index) => (index === position ? byte ^ 0xff : byte));
}
