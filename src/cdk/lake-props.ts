import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";

/** Closed days as Parquet, which the function then writes every night. Texts may be tokens. */
export interface LakeProps {
  /**
   * The bucket that closed days are written to, or its name: an existing one of the stack's account, and not the log bucket.
   * @default - no lake: queries read the logs
   */
  readonly lakeBucket?: string | Pick<IBucket, "bucketName" | "encryptionKey"> | undefined;

  /**
   * The folder of the lake in that bucket; a token must be empty or end in a slash, and hold none of `*`, `?`, `$`.
   * @default - the whole bucket
   */
  readonly lakePrefix?: string | undefined;

  /**
   * The key that the lake's bucket encrypts with, or its ARN.
   * @default - the one that the bucket names
   */
  readonly lakeKey?: IKey | string | undefined;

  /**
   * The key that the logs are encrypted with, or its ARN: a lake is made from what is in them.
   * @default - the one that the log bucket names
   */
  readonly logKey?: IKey | string | undefined;
}
