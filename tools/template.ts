import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { readVersion } from "../src/version.ts";
import { makeTemplate } from "./template-stack.ts";
import { zipFolder } from "./template-zip.ts";

const FOLDER = new URL("../dist/cloudformation/", import.meta.url);

const zip = await zipFolder(new URL("../dist/lambda/", import.meta.url));
// CloudFormation does not look into the zip: only another key makes it take other code.
const hash = createHash("sha256").update(zip).digest("hex").slice(0, 12);
const codeKey = `cloudtrail-partitioner-${readVersion()}-${hash}.zip`;
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
const templates = [
  { file: "cloudtrail-partitioner.template.json", hasLake: false },
  { file: "cloudtrail-partitioner-lake.template.json", hasLake: true },
];
for (const { file, hasLake } of templates) {
  const template = JSON.stringify(await makeTemplate({ codeKey, hasLake }), undefined, 1);
  await writeFile(new URL(file, FOLDER), `${template}\n`);
}
await writeFile(new URL(codeKey, FOLDER), zip);
console.log(`dist/cloudformation/ has ${templates.map(({ file }) => file).join(", ")} and ${codeKey}`);
