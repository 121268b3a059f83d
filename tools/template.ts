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
const template = JSON.stringify(await makeTemplate(codeKey), undefined, 2);
await writeFile(new URL("cloudtrail-partitioner.template.json", FOLDER), `${template}\n`);
await writeFile(new URL(codeKey, FOLDER), zip);
console.log(`dist/cloudformation/ has cloudtrail-partitioner.template.json and ${codeKey}`);
