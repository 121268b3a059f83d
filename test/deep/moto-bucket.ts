import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { TestFile } from "../../src/fixtures.contract.ts";

/** Makes a bucket on moto, with files in it. */
export async function makeBucket(
  endpoint: string,
  bucket: string,
  files: readonly TestFile[],
): Promise<void> {
  const s3 = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const { key, bytes } of files) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  }
  s3.destroy();
}
