import type { ColumnConstraint } from "./io-plan.ts";
import type { PartitionKey } from "./partition-filter.ts";
import { isSelected } from "./partition-filter.ts";

/** Beyond that, nobody would list them. */
const PARTITIONS_AT_MOST = 100_000;

/** A table whose partitions its properties say. */
export interface ProjectedTable {
  readonly keys: readonly PartitionKey[];
  readonly parameters: Readonly<Record<string, string>>;
  /** With its final slash. */
  readonly location: string;
}

/**
 * The folders that a scan of a projected table reads (Athena user guide, "Supported types for partition projection").
 * @returns undefined where they are too many, or where only the query itself says: dates, and injected values
 */
export function listProjected(
  { keys, parameters, location }: ProjectedTable,
  constraints: readonly ColumnConstraint[],
): string[] | undefined {
  const template =
    parameters["storage.location.template"] ??
    `${location}${keys.map(({ name }) => `${name}=${placeholder(name)}`).join("/")}/`;
  let folders = [template];
  for (const key of keys) {
    const values = listValues(key.name, parameters)?.filter((value) =>
      isSelected([key], constraints, [value]),
    );
    if (values === undefined || folders.length * values.length > PARTITIONS_AT_MOST) return undefined;
    folders = folders.flatMap((folder) =>
      values.map((value) => folder.replaceAll(placeholder(key.name), () => value)),
    );
  }
  return folders;
}

function placeholder(name: string): string {
  return `\${${name}}`;
}

function listValues(name: string, parameters: ProjectedTable["parameters"]): string[] | undefined {
  const property = (suffix: string): string | undefined => parameters[`projection.${name}.${suffix}`];
  const type = property("type");
  if (type === "enum") {
    // White space is a part of a value (Athena user guide, "Supported types for partition projection").
    return property("values")?.split(",");
  }
  if (type !== "integer") return undefined;
  return listNumbers(property("range") ?? "", {
    interval: Number(property("interval") ?? 1),
    digits: Number(property("digits") ?? 0),
  });
}

function listNumbers(
  range: string,
  { interval, digits }: { readonly interval: number; readonly digits: number },
): string[] | undefined {
  const [first = NaN, last = NaN] = range.split(",").map(Number);
  const count = Math.floor((last - first) / interval) + 1;
  if (!(count <= PARTITIONS_AT_MOST)) return undefined;
  return Array.from({ length: Math.max(count, 0) }, (_, index) =>
    String(first + index * interval).padStart(digits, "0"),
  );
}
