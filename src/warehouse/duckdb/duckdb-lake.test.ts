import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putFiles } from "../../fixtures.contract.ts";
import { openLocalStore } from "../../store/local-store.ts";
import { lakeContract } from "../lake.contract.ts";
import { openDuckDbWarehouse } from "./duckdb-warehouse.ts";

lakeContract("DuckDB", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
  const logs = join(folder, "logs");
  const lakeUrl = join(folder, "lake");
  return {
    store: openLocalStore(logs),
    lakeUrl,
    put: (files) => putFiles(logs, files),
    putLakeFile: (key, bytes) => putFiles(lakeUrl, [{ key, bytes }]),
    openWarehouse: () => openDuckDbWarehouse({ database: join(folder, "catalog.duckdb"), logs }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});
