import type { ByteStrings } from "../bytes/byte-strings.ts";
import type { LeafCells } from "./leaf-cells.ts";
import type { Thrift } from "./thrift.ts";
import { binary, i64, struct } from "./thrift.ts";

/** Longer values have no minimum and maximum: cut ones would be no values, and readers take them for exact. */
const LONGEST_STATISTIC = 64;

/**
 * A chunk's NULLs, and its exact minimum and maximum as unsigned bytes (Statistics in parquet.thrift).
 * @param ids of its values, each at least once
 */
export function printStatistics(values: ByteStrings, ids: Int32Array, cells: LeafCells): Thrift {
  const nulls = { 3: i64(cells.count - cells.values) };
  if (ids.length === 0) return struct(nulls);
  const { least, most } = findExtremes(values, ids);
  if (Math.max(values.lengthOf(least), values.lengthOf(most)) > LONGEST_STATISTIC) return struct(nulls);
  return struct({ ...nulls, 5: binary(values.bytesOf(most)), 6: binary(values.bytesOf(least)) });
}

function findExtremes(
  values: ByteStrings,
  ids: Int32Array,
): { readonly least: number; readonly most: number } {
  let least = ids[0]!;
  let most = least;
  for (let index = 1; index < ids.length; index++) {
    const id = ids[index]!;
    if (values.compare(id, least) < 0) least = id;
    else if (values.compare(id, most) > 0) most = id;
  }
  return { least, most };
}
