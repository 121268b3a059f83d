import type { AwsSettings } from "./aws/clients.ts";
import type { TablePorts } from "./actions/plan.ts";
import type { LakeStore } from "./lake-store/lake-store.ts";
import { openS3LakeStore } from "./lake-store/s3-lake-store.ts";
import { locateLogs, parseS3Url } from "./store/locate-logs.ts";
import { openS3Store } from "./store/s3-store.ts";
import type { Store } from "./store/store.ts";
import type { AthenaOptions } from "./warehouse/athena/athena-options.ts";
import { openGlueTables } from "./warehouse/athena/glue-tables.ts";

/** Opens a bucket and Glue's tables, all that a run on AWS needs: without the code of queries and of other engines. */
export function openAwsPorts(
  settings: AthenaOptions & { readonly logs: string },
): TablePorts & { readonly within: string } {
  const { store, within } = openBucket(settings.logs, settings);
  return { store, within, warehouse: openGlueTables({ ...settings, logs: store.url }) };
}

/** @param url `s3://bucket/prefix` */
export function openBucket(
  url: string,
  { aws, requestPayer = false }: { readonly aws: AwsSettings; readonly requestPayer?: boolean | undefined },
): { readonly store: Store; readonly within: string } {
  const { bucket, path } = parseS3Url(url);
  const { place, within } = locateLogs(`/${path}`);
  const prefix = place.replace(/^\//, "");
  return { store: openS3Store({ aws, requestPayer, bucket, prefix }), within };
}

/** @param place see LakePlace */
export function openBucketLake(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  { aws }: { readonly aws: AwsSettings },
): LakeStore {
  return openS3LakeStore({ aws, bucket, prefix });
}
