import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { IAM_DOC, listPolicies, parseIamDoc } from "./iam-doc.ts";

test("docs/iam.md shows the policies as the code makes them", async () => {
  expect(parseIamDoc(await readFile(IAM_DOC, "utf8"))).toEqual(listPolicies());
});
