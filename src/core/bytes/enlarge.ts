/** A copy with room for at least that many elements, twice as many as before where that is more. */
export function enlarge<T extends Int32Array | Uint8Array>(array: T, least: number): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(array.length * 2, least));
  larger.set(array);
  return larger;
}
