export {
  compact,
  type CompactOptions,
  type CompactPorts,
  type CompactReport,
} from "./actions/compact/compact.ts";
export { verifyLake, type VerifyOptions, type VerifyReport } from "./actions/compact/verify-lake.ts";
export { discover, type DiscoverOptions } from "./actions/discover.ts";
export { estimate, type Estimate } from "./actions/estimate.ts";
export { doctor, type Check } from "./actions/doctor.ts";
export { plan, type PlanOptions, type PlanReport, type Ports } from "./actions/plan.ts";
export type { OnProgress, Progress } from "./actions/progress.ts";
export { exportParquet, query } from "./actions/query.ts";
export { run, type RunOptions, type RunReport } from "./actions/run.ts";
export type { Scope } from "./actions/scope.ts";
export type { Catalog, SetAsideFile, Table, View } from "./core/catalog.ts";
export { parseDay, type Day, type DayRange } from "./core/day.ts";
export type { Inventory, InventoryPartition, Oddity } from "./core/inventory.ts";
export { parseLogKey, printLogKey, type LogKey, type LogKind } from "./core/log-key.ts";
export { PartitionSet, type Partition } from "./core/partition-set.ts";
export type { Change, Plan } from "./core/plan.ts";
export { UserError } from "./core/user-error.ts";
export type { LakeStore } from "./lake-store/lake-store.ts";
export {
  openCompactPorts,
  openLake,
  openPorts,
  type OpenCompactPorts,
  type OpenPorts,
} from "./open-ports.ts";
export { openLocalStore } from "./store/local-store.ts";
export { openMemoryStore } from "./store/memory-store.ts";
export type { Store, StoreEntry, StoreFolder, StoreObject } from "./store/store.ts";
export { openDuckDbWarehouse, type DuckDbOptions } from "./warehouse/duckdb/duckdb-warehouse.ts";
export type { QueryOptions, QueryResult, ResultColumn, Value, Warehouse } from "./warehouse/warehouse.ts";
