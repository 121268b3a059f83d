import { mkdir, writeFile } from "node:fs/promises";
import { makeTemplate } from "./template-stack.ts";
import { zipFolder } from "./template-zip.ts";

const FOLDER = new URL("../dist/cloudformation/", import.meta.url);

await mkdir(FOLDER, { recursive: true });
const template = JSON.stringify(await makeTemplate(), undefined, 2);
await writeFile(new URL("cloudtrail-partitioner.template.json", FOLDER), `${template}\n`);
await writeFile(new URL("lambda.zip", FOLDER), await zipFolder(new URL("../dist/lambda/", import.meta.url)));
