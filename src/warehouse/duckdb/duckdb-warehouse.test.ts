import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLocalStore } from "../../store/local-store.ts";
import { warehouseContract } from "../warehouse.contract.ts";
import { openDuckDbWarehouse } from "./duckdb-warehouse.ts";
import { askPlainly } from "./plain-client.contract.ts";
import { putFiles } from "../../fixtures.contract.ts";

warehouseContract(
  "DuckDB",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "ctp-test-"));
    const database = join(folder, "catalog.duckdb");
    const logs = join(folder, "logs");
    return {
      store: openLocalStore(logs),
      put: (files) => putFiles(logs, files),
      remove: (key) => rm(`${logs}/${key}`),
      openWarehouse: () => openDuckDbWarehouse({ database, logs }),
      makeForeign: async (kind, name) => {
        await askPlainly(database, `CREATE ${kind} "${name}" AS SELECT 1 AS foreign_column`);
      },
      countAsStranger: async (name) => {
        try {
          return Number((await askPlainly(database, `SELECT count(*) FROM "${name}"`))[0]?.[0]);
        } catch {
          return undefined;
        }
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
  { columnsGolden: "../../../test/golden/duckdb-columns.txt" },
);
