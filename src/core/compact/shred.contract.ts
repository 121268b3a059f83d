import type { RecordColumns } from "../shred/record-columns.ts";
import { Shredder } from "../shred/shred-records.ts";

/** What tests look at in a record. */
export interface TestRecord {
  readonly region?: string | undefined;
  readonly eventID?: string | undefined;
  readonly eventTime?: string | undefined;
  readonly recipientAccountId?: string | undefined;
}

/** Columns of these records, of which each is a file of its own. */
export function shredFiles(records: readonly TestRecord[]): RecordColumns {
  const shredder = new Shredder();
  for (const { region = "us-east-1", ...record } of records)
    shredder.shred(Buffer.from(JSON.stringify({ Records: [record] })), region);
  return shredder.columns;
}
