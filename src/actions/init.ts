import type { Trail } from "../aws/trails.ts";
import { UserError } from "../core/user-error.ts";

/** Where init looks. */
export interface InitPorts {
  /** Throws a UserError where AWS cannot be asked. */
  readTrails(): Promise<readonly Trail[]>;
  /** Folders that hold logs, as the user would write them: "./logs". */
  findFolders(): Promise<readonly string[]>;
}

/** A place where logs may lie. */
export interface Proposal {
  readonly kind: "bucket" | "folder";
  /** `s3://bucket/prefix` or a folder. */
  readonly logs: string;
  /** The trails that write there, the most comprehensive first; none for a folder. */
  readonly trails: readonly Trail[];
}

/** What was found. */
export interface InitReport {
  /** The best first: an organization's trail before an account's, one of all Regions before one of a few, folders last. */
  readonly proposals: readonly Proposal[];
  /** Why AWS could not be asked for trails. */
  readonly problem: UserError | undefined;
}

/** Looks for logs: trails of this account, and folders here. Goes on with folders where AWS cannot be asked. */
export async function findLogs(ports: InitPorts): Promise<InitReport> {
  const folders = await ports.findFolders();
  try {
    return { proposals: proposeLogs(await ports.readTrails(), folders), problem: undefined };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { proposals: proposeLogs([], folders), problem: error };
  }
}

/** One proposal a place, however many trails write there. */
export function proposeLogs(trails: readonly Trail[], folders: readonly string[]): Proposal[] {
  const byPlace = new Map<string, Trail[]>();
  for (const trail of trails.toSorted((a, b) => rank(a) - rank(b))) {
    const logs = `s3://${trail.bucket}/${trail.prefix}`.replace(/\/+$/, "");
    byPlace.set(logs, [...(byPlace.get(logs) ?? []), trail]);
  }
  return [
    ...[...byPlace].map(([logs, own]): Proposal => ({ kind: "bucket", logs, trails: own })),
    ...folders.map((logs): Proposal => ({ kind: "folder", logs, trails: [] })),
  ];
}

function rank({ isOrganization, isMultiRegion }: Trail): number {
  return (isOrganization ? 0 : 2) + (isMultiRegion ? 0 : 1);
}

/** A place that the user named. */
export function proposeNamed(logs: string): Proposal {
  return { kind: /^s3:\/\//i.test(logs) ? "bucket" : "folder", logs, trails: [] };
}
