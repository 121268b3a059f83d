import { writeFile } from "node:fs/promises";
import { IAM_DOC, printIamDoc } from "./iam-doc.ts";

await writeFile(IAM_DOC, await printIamDoc());
