/**
 * The folder that lies `levels` below a prefix and holds the key, with its final slash.
 * @param key begins with the prefix
 * @returns undefined for a key that lies higher up
 */
export function folderAt(
  key: string,
  { prefix, levels }: { readonly prefix: string; readonly levels: number },
): string | undefined {
  let end = prefix.length;
  for (let level = 0; level < levels; level++) {
    const slash = key.indexOf("/", end);
    if (slash < 0) return undefined;
    end = slash + 1;
  }
  return key.slice(0, end);
}
