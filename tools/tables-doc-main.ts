import { writeFile } from "node:fs/promises";
import { printTablesDoc, TABLES_DOC } from "./tables-doc.ts";

await writeFile(TABLES_DOC, await printTablesDoc());
