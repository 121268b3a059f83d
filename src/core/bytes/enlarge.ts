/**
 * A copy with room for at least that many elements, twice as many as before where that is more. Zeros at the end are not copied:
 * memory that nobody has written to takes no room, and columns that few records fill are mostly such.
 */
export function enlarge<T extends Int32Array | Uint8Array>(array: T, least: number): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(array.length * 2, least));
  let end = array.length;
  while (end > 0 && array[end - 1] === 0) end--;
  larger.set(array.subarray(0, end));
  return larger;
}
