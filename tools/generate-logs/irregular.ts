import type { GeneratedFile } from "./generated-file.ts";
import type { JsonObject } from "./json.ts";
import { printJson } from "./json.ts";
import { printLogKey } from "../../src/core/log-key.ts";
import { nameLogKey } from "./log-name.ts";
import { packRecords } from "./pack.ts";
import type { Sample } from "./sample.ts";
import { sampleRecords } from "./sample.ts";

/** What a record may hold that AWS never writes; each prints the record anew. */
export const IRREGULARITIES = {
  "a record that is a string": () => '"not a record"',
  "a record without fields": () => "{}",
  "userIdentity a string": (record) => printJson({ ...record, userIdentity: "alice" }),
  "sessionContext a string": (record) =>
    printJson({ ...record, userIdentity: { type: "Unknown", sessionContext: "none" } }),
  "resources an object": (record) => printJson({ ...record, resources: { ARN: "arn:aws:s3:::example" } }),
  "resources of strings": (record) => printJson({ ...record, resources: ["arn:aws:s3:::example"] }),
  "tlsDetails a list": (record) => printJson({ ...record, tlsDetails: ["TLSv1.3"] }),
  "requestParameters a string": (record) => printJson({ ...record, requestParameters: "bucketName=example" }),
  "sourceIPAddress a number": (record) => printJson({ ...record, sourceIPAddress: 3_221_225_985 }),
  "readOnly a string": (record) => printJson({ ...record, readOnly: "true" }),
  "eventTime with milliseconds": (record) => printJson({ ...record, eventTime: printMilliseconds(record) }),
  "every field null": (record) =>
    printJson(Object.fromEntries(Object.keys(record).map((field) => [field, null]))),
  "a field nobody knows": (record) =>
    printJson({ ...record, futureDetails: { since: "1.99", items: [1, "two", null] } }),
  "an account that is not the path's": (record) =>
    printJson({ ...record, recipientAccountId: "999999999999" }),
  "duplicate keys": (record) => printJson(record).replace('"eventName":', '"eventName":"First","eventName":'),
} as const satisfies Readonly<Record<string, (record: JsonObject) => string>>;

function printMilliseconds({ eventTime }: JsonObject): string {
  return typeof eventTime === "string" ? eventTime.replace("Z", ".123Z") : "";
}

/** Names that no trail gives, and that a shell, SQL, a glob or a path of partitions would take for more than a name. */
export const ODD_NAMES = [
  "logs.json.gz",
  "copy of a log (1).json.gz",
  "'; DROP TABLE cloudtrail; --.json.gz",
  '"quoted".json.gz',
  "$(touch owned) `id`.json.gz",
  "*?[a-z]{x,y}.json.gz",
  "year=1999.json.gz",
  "100%25 sure+plus&more#hash.json.gz",
  "back\\slash.json.gz",
  "journal-été-日本語-🦊.json.gz",
  "-rf.json.gz",
] as const;

/** Files that can be read, in which one record of three is irregular, or whose name is odd. */
export function* makeIrregularFiles(sample: Sample): Generator<GeneratedFile> {
  for (const [note, printIrregular] of Object.entries(IRREGULARITIES)) {
    const texts = sampleRecords(sample, 3).map((record, index) =>
      index === 1 ? printIrregular(record) : printJson(record),
    );
    yield { ...packRecords(nameLogKey(sample), texts, note), kind: "irregular" };
  }
  for (const file of ODD_NAMES) {
    const texts = sampleRecords(sample, 2).map(printJson);
    yield {
      ...packRecords(printLogKey({ ...sample.place, file }), texts, "odd file name"),
      kind: "irregular",
    };
  }
}
