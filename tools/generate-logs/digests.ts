import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { printLogKey } from "../../src/core/log-key.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { printJson } from "./json.ts";
import type { Sample } from "./sample.ts";
import { printTime } from "./scene.ts";

const HOUR = 3_600_000;

interface Digest {
  readonly key: string;
  readonly text: string;
  readonly signature: string;
}

/** Two hours of digests in a chain that list no file; the signatures are invented, so that none is valid. */
export function* makeDigests(sample: Sample): Generator<GeneratedFile> {
  const first = composeDigest(sample, undefined);
  const second = composeDigest({ ...sample, stamp: sample.stamp + HOUR }, first);
  for (const { key, text } of [first, second]) {
    yield { key, bytes: gzipSync(text), records: 0, kind: "other", note: "CloudTrail-Digest" };
  }
}

function composeDigest({ place, stamp, random }: Sample, previous: Digest | undefined): Digest {
  const { account, region } = place;
  const bucket = `example-trail-${account}`;
  const minute = printTime(stamp).replace(/[-:]/g, "");
  const file = `${account}_CloudTrail-Digest_${region}_example-trail_${region}_${minute}.json.gz`;
  const key = printLogKey({ ...place, kind: "CloudTrail-Digest", file });
  const text = printJson({
    awsAccountId: account,
    digestStartTime: printTime(stamp - HOUR),
    digestEndTime: printTime(stamp),
    digestS3Bucket: bucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: random.hex(32),
    digestSignatureAlgorithm: "SHA256withRSA",
    newestEventTime: null,
    oldestEventTime: null,
    previousDigestS3Bucket: previous === undefined ? null : bucket,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue:
      previous === undefined ? null : createHash("sha256").update(previous.text).digest("hex"),
    previousDigestHashAlgorithm: previous === undefined ? null : "SHA-256",
    previousDigestSignature: previous?.signature ?? null,
    logFiles: [],
  });
  return { key, text, signature: random.hex(512) };
}
