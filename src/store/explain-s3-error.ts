import { explainAwsError } from "../aws/explain-error.ts";
import { AccessDenied, UserError } from "../core/user-error.ts";
import { regionNamedBy } from "./s3-client.ts";

/** The S3 call that failed. */
export interface S3Call {
  readonly action: "s3:ListBucket" | "s3:GetObject" | "s3:PutObject" | "s3:DeleteObject";
  readonly bucket: string;
  /** The whole key; undefined for all of the bucket. */
  readonly key?: string;
  /** Whether the bucket is the user's own for the lake, and not the trail's. @default false */
  readonly isLake?: boolean;
}

/** Adds what S3 alone says to what explainAwsError knows; returns anything that the user cannot put right as it is. */
export function explainS3Error(error: unknown, call: S3Call): unknown {
  if (!(error instanceof Error) || error instanceof UserError || error.name === "AbortError") return error;
  const { action, bucket, key, isLake = false } = call;
  const resource = key === undefined ? `s3://${bucket}` : `s3://${bucket}/${key}`;
  const explained = explainAwsError(error, { action, resource });
  const explanation = EXPLANATIONS.find(({ says }) => says.test(`${error.name} ${error.message}`));
  return explanation?.explain({ error, action, bucket, resource, isLake, explained }) ?? explained;
}

interface Failure {
  readonly error: Error;
  readonly action: string;
  readonly bucket: string;
  readonly resource: string;
  readonly isLake: boolean;
  /** What explainAwsError made of it. */
  readonly explained: unknown;
}

const REQUESTER_PAYS =
  '; if the bucket is "requester pays", write request_payer: requester into the configuration file';

/** What S3 answers, by error code and message; the first that fits counts. */
const EXPLANATIONS: readonly { readonly says: RegExp; readonly explain: (failure: Failure) => UserError }[] =
  [
    {
      says: /^NoSuchBucket /,
      explain: ({ error, bucket }) =>
        new UserError(`there is no bucket ${bucket}`, {
          hint: "check its name, and that the credentials are of the same AWS partition (GovCloud and China have buckets of their own)",
          cause: error,
        }),
    },
    {
      says: /^(NoSuchKey|NotFound) /,
      explain: ({ error, resource }) => new UserError(`there is no file ${resource}`, { cause: error }),
    },
    {
      says: /^InvalidObjectState /,
      explain: ({ error, resource }) =>
        new UserError(
          `${resource} is in an archive (S3 Glacier) and cannot be read as it is: ${error.message}`,
          {
            hint: "restore the object first, e.g. aws s3api restore-object, or leave its days out",
            cause: error,
          },
        ),
    },
    {
      // The key's own refusal comes as S3's AccessDenied, that of a key that is off or gone under a name of its own.
      says: /^KMS\.|\bkms:[A-Z]|KMS key|customer master key/,
      explain: ({ error, action, resource, isLake }) =>
        new AccessDenied(`AWS KMS refused ${action} on ${resource}: ${error.name}: ${error.message}`, {
          hint: `allow ${isLake ? "kms:Decrypt and kms:GenerateDataKey on the key of the lake's bucket" : "kms:Decrypt on the trail's key"}, in your policy and in the key's own, and see that the key is enabled`,
          cause: error,
        }),
    },
    {
      says: /^(AccessDenied|AccessDeniedException|Forbidden|403) /,
      explain: ({ error, action, resource, isLake, explained }) =>
        new AccessDenied(`not allowed: ${action} on ${resource}: ${error.name}: ${error.message}`, {
          hint: `${explained instanceof UserError ? explained.hint : `allow ${action} on ${resource}`}${isLake ? "" : REQUESTER_PAYS}`,
          cause: error,
        }),
    },
    {
      says: /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|301|307) /,
      explain: ({ error, bucket }) => {
        const region = regionNamedBy(error);
        const where = region === undefined ? "in another Region" : `in the Region ${region}`;
        return new UserError(`the bucket ${bucket} lies ${where}: ${error.message}`, {
          hint: `name the bucket's Region with --aws-region${region === undefined ? "" : ` ${region}`}, and no --endpoint-url of another Region`,
          cause: error,
        });
      },
    },
  ];
