/** The nodes of Trino's plans that read a table. */
const SCAN_NODE =
  /^[\s│├└─-]*(?:TableScan|ScanFilter|ScanProject|ScanFilterProject|ScanFilterAndProject)\[(.*)$/;

/** `awsdatacatalog:default:cloudtrail`, or `HiveTableHandle{schemaName=default, tableName=cloudtrail, ...}` of older engines. */
const TABLE_NAMES = [/\btable = [^:,\s]+:([^:,\s]+):([^:,\s\]]+)/, /schemaName=([^,}]+), tableName=([^,}]+)/];

/**
 * How often a plan (`EXPLAIN`) scans each table, by `schema.table`: a table that is joined to itself is read twice, which
 * the plan of inputs and outputs does not say. Text within the plan that looks like a scan makes it more, never less.
 */
export function countScans(plan: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of plan.split(/\r?\n/)) {
    const [, node] = SCAN_NODE.exec(line) ?? [];
    if (node === undefined) continue;
    const [, schema, table] =
      TABLE_NAMES.map((names) => names.exec(node)).find((found) => found !== null) ?? [];
    const name = `${schema}.${table}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
