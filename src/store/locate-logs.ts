/** Where to look for logs. */
export interface Location {
  /** The folder or URL that the store is opened on; no slash at the end. */
  readonly place: string;
  /** What was pointed at below it, with its final slash; "" for all. */
  readonly within: string;
}

/**
 * Someone who points at `AWSLogs` itself, or at an account or a day below it, means the logs there: the store begins above
 * `AWSLogs`, so that keys are whole, and only what lies within is looked at.
 * @param path an absolute folder or URL
 */
export function locateLogs(path: string): Location {
  const parts = path.replace(/\/+$/, "").split("/");
  const index = parts.lastIndexOf("AWSLogs");
  if (index < 0) return { place: parts.join("/") || "/", within: "" };
  // Control Tower's root is o-id/AWSLogs/o-id: the store must begin above it to see its accounts' older trails too.
  return { place: parts.slice(0, index).join("/") || "/", within: `${parts.slice(index).join("/")}/` };
}
