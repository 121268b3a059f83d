import { resolve, sep } from "node:path";
import { UserError } from "../core/user-error.ts";
import { parseS3Url } from "../store/locate-logs.ts";
import type { Settings } from "./settings.ts";

/** Where a lake lies, or is to lie. */
export type LakePlace =
  /** Absolute. */
  | { readonly kind: "folder"; readonly folder: string }
  /** The prefix has no slash at either end; "" for the whole bucket. */
  | { readonly kind: "bucket"; readonly bucket: string; readonly prefix: string };

/** What a lake's place depends on. */
export type LakeSettings = Pick<Settings, "engine" | "logs"> & { readonly lake: string };

/** The folder of DuckDB's lake where none is named, in the working directory. */
const DEFAULT_FOLDER = "cloudtrail-lake";

/** The settings, with a lake for those who want to write one: a folder is made where it is not, a bucket must be named. */
export function nameLake(settings: Settings): Settings & { readonly lake: string } {
  const { lake, engine } = settings;
  if (lake !== undefined) return { ...settings, lake };
  if (engine === "duckdb") return { ...settings, lake: DEFAULT_FOLDER };
  throw new UserError("there is no word of where the lake is to be", {
    hint: "name a bucket of its own: --lake s3://bucket/prefix, or lake: ... in cloudtrail-partitioner.yaml",
  });
}

/** @throws UserError for a place that the engine cannot read, or that lies among the logs */
export function decideLakePlace({ lake, logs, engine }: LakeSettings): LakePlace {
  if (lake.trim() === "") {
    throw new UserError("--lake is empty, perhaps a variable that is not set", { hint: HINTS[engine] });
  }
  refuseOtherEngine(lake, engine);
  return isS3Url(lake) ? decideBucket(lake, logs) : decideFolder(lake, logs);
}

const HINTS: Readonly<Record<Settings["engine"], string>> = {
  duckdb: "name a folder: --lake ./cloudtrail-lake",
  athena: "name a bucket: --lake s3://bucket/prefix",
};

/** Of any scheme. */
export function isUrl(place: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(place);
}

function isS3Url(place: string): boolean {
  return /^s3:\/\//i.test(place);
}

/** Each engine reads what lies where it runs. */
function refuseOtherEngine(lake: string, engine: Settings["engine"]): void {
  if (isUrl(lake) && !isS3Url(lake)) {
    throw new UserError(`--lake ${lake} is neither a folder nor a bucket`, { hint: HINTS[engine] });
  }
  if (engine === "athena" && !isUrl(lake)) {
    throw new UserError(`Athena reads a lake in S3, not in the folder ${lake}`, { hint: HINTS.athena });
  }
  if (engine === "duckdb" && isS3Url(lake)) {
    throw new UserError(`DuckDB reads a lake from a folder here, not from ${lake}`, {
      hint: `${HINTS.duckdb}; a lake in S3 is for logs in S3, with --engine athena`,
    });
  }
}

function decideBucket(lake: string, logs: string | undefined): LakePlace {
  const { bucket, path } = parseS3Url(lake);
  refuseAmongLogs(lake, path);
  if (logs !== undefined && isS3Url(logs) && parseS3Url(logs).bucket === bucket) {
    throw new UserError(`the lake ${lake} is in the log bucket, and the log bucket is read-only`, {
      hint: "name another bucket with --lake: a lifecycle rule or a policy of the logs must never reach the lake",
    });
  }
  return { kind: "bucket", bucket, prefix: path };
}

function decideFolder(lake: string, logs: string | undefined): LakePlace {
  const folder = resolve(lake);
  refuseAmongLogs(lake, folder);
  if (logs !== undefined && !isUrl(logs)) refuseNested(folder, resolve(logs));
  return { kind: "folder", folder };
}

function refuseAmongLogs(lake: string, path: string): void {
  if (!path.split("/").includes("AWSLogs")) return;
  throw new UserError(`the lake ${lake} lies among the logs: AWSLogs is where CloudTrail writes`, {
    hint: "name a place without AWSLogs in it with --lake",
  });
}

/**
 * @param folder of the lake, absolute, as `logs` is
 * @throws UserError where one lies in the other
 */
export function refuseNested(folder: string, logs: string): void {
  if (isBelow(folder, logs)) {
    throw new UserError(`the lake ${folder} lies in the folder of the logs, ${logs}, which is read-only`, {
      hint: "name a folder outside of it with --lake, e.g. --lake ../cloudtrail-lake",
    });
  }
  if (isBelow(logs, folder)) {
    throw new UserError(`the logs, ${logs}, lie in the folder of the lake, ${folder}`, {
      hint: "name a folder with --lake that has nothing else in it, e.g. --lake ./cloudtrail-lake",
    });
  }
}

/** A folder lies below itself too. */
function isBelow(folder: string, above: string): boolean {
  return `${folder}${sep}`.startsWith(above.endsWith(sep) ? above : `${above}${sep}`);
}
