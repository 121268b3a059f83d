import { UserError } from "../core/user-error.ts";

/** Where to look for logs. */
export interface Location {
  /** The folder or URL that the store is opened on; no slash at the end. */
  readonly place: string;
  /** What was pointed at below it, with its final slash; "" for all. */
  readonly within: string;
}

/**
 * Someone who points at `AWSLogs` itself, or at an account or a day below it, means the logs there: the store begins above
 * `AWSLogs`, so that keys are whole, and only what lies within is looked at.
 * @param path an absolute folder or URL
 */
export function locateLogs(path: string): Location {
  const parts = path.replace(/\/+$/, "").split("/");
  const index = parts.lastIndexOf("AWSLogs");
  if (index < 0) return { place: parts.join("/") || "/", within: "" };
  // Control Tower's root is o-id/AWSLogs/o-id: the store must begin above it to see its accounts' older trails too.
  return { place: parts.slice(0, index).join("/") || "/", within: `${parts.slice(index).join("/")}/` };
}

/** A bucket, and what comes after its name, without slashes at either end. */
export interface S3Url {
  readonly bucket: string;
  readonly path: string;
}

/** @throws UserError for what names no bucket */
export function parseS3Url(url: string): S3Url {
  const [bucket = "", ...parts] = url.slice("s3://".length).split("/");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new UserError(`${url} does not begin with the name of a bucket`, {
      hint: "write it as s3://bucket/prefix; names of buckets have 3 to 63 small letters, digits, dots and dashes",
    });
  }
  return { bucket, path: parts.filter((part) => part !== "").join("/") };
}
