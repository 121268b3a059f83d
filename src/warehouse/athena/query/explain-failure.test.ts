import { expect, test } from "vitest";
import { UserError } from "../../../core/user-error.ts";
import { explainEnd, explainFailure } from "./explain-failure.ts";

const PLACE = { database: "security", workgroup: "hunters" };

test.each([
  ["SYNTAX_ERROR: line 1:8: Column 'x' cannot be resolved", /^SYNTAX_ERROR/, /docs\/tables\.md/],
  ["line 1:1: mismatched input 'FOO'", /^line 1:1/, /Trino/],
  [
    "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.security.x' does not exist",
    /^TABLE_/,
    /run, or name.*--database/,
  ],
  ["SYNTAX_ERROR: line 1:15: Schema nowhere does not exist", /^SYNTAX/, /--database/],
  [
    "HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas.",
    /^a partition is older than its table/,
    /run the command run/,
  ],
  [
    "HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://b/k: Access Denied (Service: Amazon S3; Status Code: 403)",
    /may not read/,
    /s3:GetObject.*kms:Decrypt/,
  ],
  ["PERMISSION_DENIED: Access denied", /may not read/, /iam-policy query/],
  [
    "User: arn:aws:iam::1:user/x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:x",
    /KMS key/,
    /kms:Decrypt/,
  ],
  ["Bytes scanned limit was exceeded", /more than the workgroup hunters allows/, /narrow region/],
  ["Insufficient Lake Formation permission(s) on x", /^Lake Formation refused/, /SELECT and DESCRIBE/],
  [
    "INVALID_VIEW: line 1:15: View 'awsdatacatalog.security.cloudtrail' is stale; it must be re-created",
    /^the view is older/,
    /defines the view anew/,
  ],
  ["Unable to verify/create output bucket my-bucket", /cannot write the answer/, /output_s3_bucket/],
  ["Access denied when writing output to url: s3://x/", /cannot write the answer/, /s3:PutObject/],
  [
    "HIVE_CANNOT_OPEN_SPLIT: Please reduce your request rate. (Status Code: 503; Error Code: SlowDown)",
    /fewer/,
    /later/,
  ],
  ["Query exhausted resources at this scale factor", /^Query exhausted/, /narrow/],
  ["HIVE_CURSOR_ERROR: Row is not a valid JSON Object", /cannot read one of the log files/, /day/],
])("Athena's %s is explained", (reason, message, hint) => {
  const error = explainFailure(reason, PLACE);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toMatch(message);
  expect(error.message).toContain(reason);
  expect(error.hint).toMatch(hint);
});

test("what is not known is said as it is", () => {
  expect(explainFailure("GENERIC_INTERNAL_ERROR: oh", PLACE)).toMatchObject({
    message: "GENERIC_INTERNAL_ERROR: oh",
    hint: undefined,
  });
  expect(explainFailure(" ", PLACE).message).toBe("Athena gives no reason");
});

function end(State: "CANCELLED" | "FAILED", StateChangeReason?: string): string {
  return explainEnd({ QueryExecutionId: "id", Status: { State, StateChangeReason } }, PLACE).message;
}

test("a query that somebody cancelled did not fail, and one at its limit did", () => {
  expect(end("CANCELLED", "Query cancelled by user")).toMatch(
    /^somebody else cancelled the query id in Athena: Query/,
  );
  expect(end("CANCELLED")).toMatch(/^somebody else cancelled the query id in Athena$/);
  expect(end("CANCELLED", "Bytes scanned limit was exceeded")).toMatch(/^the query would scan more/);
  expect(end("FAILED", "Bytes scanned limit was exceeded")).toMatch(/^the query would scan more/);
});
