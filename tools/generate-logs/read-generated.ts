import { gunzipSync } from "node:zlib";
import type { GeneratedFile } from "./generated-file.ts";

/** What tests look at in a record. */
export interface ReadRecord {
  readonly eventVersion: string;
  readonly eventTime: string;
  readonly eventID?: string;
  readonly eventName: string;
  readonly eventCategory?: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly errorCode?: string;
  readonly recipientAccountId?: string;
  readonly userIdentity: { readonly type?: string; readonly accessKeyId?: string } | null;
}

/** The JSON in a gzipped file. */
export function readText({ bytes }: GeneratedFile): string {
  return gunzipSync(bytes).toString("utf8");
}

/** The records of a file of kind "log". */
export function readRecords(file: GeneratedFile): readonly ReadRecord[] {
  const { Records } = JSON.parse(readText(file)) as { readonly Records: readonly ReadRecord[] };
  return Records;
}
