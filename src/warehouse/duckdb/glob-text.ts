/** A path as a pattern that matches itself only. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[[*?]/g, "[$&]");
}

/** The inverse of escapeGlob. */
export function unescapeGlob(glob: string): string {
  return glob.replaceAll(/\[([[*?])\]/g, "$1");
}
