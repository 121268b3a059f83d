import type { AwsPlace } from "./aws-place.ts";
import { arn } from "./aws-place.ts";
import type { PolicyText, Statement } from "./iam-policies.ts";
import { isAllowed, isLike, readStatements } from "./iam-policies.ts";

/** A call as IAM sees it. */
export interface CheckedCall {
  /** "glue:GetTables" */
  readonly action: string;
  /** All must be allowed. */
  readonly resources: readonly string[];
  /** What conditions can ask for: "s3:prefix". */
  readonly context?: Readonly<Record<string, string>>;
}

interface Denial {
  readonly action: string;
  readonly resource: string | undefined;
}

/** What the caller may not do; everything else it may, unless policies say what it may. */
export class Permissions {
  readonly #denials: Denial[] = [];
  #allowed: readonly Statement[] | undefined;

  /**
   * Refuses an action from now on.
   * @param action "glue:GetTables"; "glue:*" for a whole service
   * @param resource an ARN, `*` in it for anything; undefined for all
   */
  deny(action: string, resource?: string): void {
    this.#denials.push({ action, resource });
  }

  /**
   * Refuses from now on all that these policies do not allow, beside what is denied.
   * @throws Error where a policy has what the double does not know
   */
  allowOnly(policies: readonly PolicyText[]): void {
    this.#allowed = policies.flatMap(readStatements);
  }

  allowAll(): void {
    this.#denials.length = 0;
    this.#allowed = undefined;
  }

  /** The resource that a call is refused on. */
  findDenied(call: CheckedCall): string | undefined {
    const { action, resources, context = {} } = call;
    const allowed = this.#allowed;
    const other = resources.find(
      (resource) => allowed !== undefined && !isAllowed(allowed, { action, resource, context }),
    );
    return other ?? this.#findDenial(call);
  }

  #findDenial({ action, resources }: CheckedCall): string | undefined {
    for (const denial of this.#denials) {
      if (!isLike(action, denial.action)) continue;
      const { resource } = denial;
      const denied =
        resource === undefined ? resources[0] : resources.find((found) => isLike(found, resource));
      if (denied !== undefined) return denied;
    }
    return undefined;
  }
}

export function printDenial(caller: string, action: string, resource: string): string {
  return `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
}

interface JsonNames {
  readonly DatabaseName?: string;
  readonly TableName?: string;
  readonly Name?: string;
  readonly WorkGroup?: string;
  readonly DatabaseInput?: { readonly Name?: string };
  readonly TableInput?: { readonly Name?: string };
}

/** Glue checks a resource and all its ancestors: the most specific stands first. */
export function checkGlueCall(place: AwsPlace, operation: string, input: unknown): CheckedCall {
  const names = input as JsonNames;
  const isDatabase = /^(Get|Create|Delete)Database$/.test(operation);
  const database = names.DatabaseName ?? (isDatabase ? (names.Name ?? names.DatabaseInput?.Name) : undefined);
  const table = isDatabase ? undefined : (names.TableName ?? names.Name ?? names.TableInput?.Name);
  const resources = [
    ...(table === undefined ? [] : [arn(place, "glue", `table/${database}/${table}`)]),
    ...(database === undefined ? [] : [arn(place, "glue", `database/${database}`)]),
    arn(place, "glue", "catalog"),
  ];
  // Listing tables is checked on the database, and creating one too: see AWS's "Glue: actions and resources".
  if (operation === "GetTables") resources.unshift(arn(place, "glue", `table/${database}/*`));
  return { action: `glue:${operation}`, resources };
}

export function checkAthenaCall(place: AwsPlace, operation: string, input: unknown): CheckedCall {
  const group = (input as JsonNames).WorkGroup ?? "primary";
  return { action: `athena:${operation}`, resources: [arn(place, "athena", `workgroup/${group}`)] };
}

const S3_ACTIONS: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  ListMultipartUploads: "ListBucketMultipartUploads",
  ListBuckets: "ListAllMyBuckets",
  HeadObject: "GetObject",
  CopyObject: "PutObject",
  CreateMultipartUpload: "PutObject",
  UploadPart: "PutObject",
  UploadPartCopy: "PutObject",
  CompleteMultipartUpload: "PutObject",
  DeleteObjects: "DeleteObject",
  ListParts: "ListMultipartUploadParts",
};

/**
 * DeleteObjects itself is always allowed: IAM is asked for each of its keys.
 * @param url with "/bucket/key" for its path
 */
export function checkS3Call(place: AwsPlace, operation: string, url: URL): CheckedCall {
  const action = S3_ACTIONS[operation] ?? operation;
  if (operation === "DeleteObjects") return { action: `s3:${action}`, resources: [] };
  const [bucket = "", ...rest] = decodeURIComponent(url.pathname).replace(/^\//, "").split("/");
  const key = rest.join("/");
  const onObject = /Object|Part|Upload/.test(action) && key !== "";
  return {
    action: `s3:${action}`,
    resources: [`arn:${place.partition}:s3:::${bucket}${onObject ? `/${key}` : ""}`],
    // HeadBucket has no prefix: a policy that asks for one does not allow it (IAM's guide, "Condition operators").
    context: operation.startsWith("ListObjects") ? { "s3:prefix": url.searchParams.get("prefix") ?? "" } : {},
  };
}

/** One key of a DeleteObjects. */
export function checkS3Deletion(place: AwsPlace, url: URL, key: string): CheckedCall {
  const bucket = decodeURIComponent(url.pathname).replaceAll("/", "");
  return { action: "s3:DeleteObject", resources: [`arn:${place.partition}:s3:::${bucket}/${key}`] };
}
