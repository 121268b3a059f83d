import type { ListPage, S3Page, S3Position } from "./s3-pages.ts";
import type { ListFilesOptions, StoreObject } from "./store.ts";
import { compareKeys } from "./store.ts";

/** All files below a prefix in order. A key that ends in a slash stands for a folder, as some tools make them: it is no file. */
export async function* listS3Files(
  listPage: ListPage,
  prefix: string,
  { from = "", signal }: ListFilesOptions = {},
): AsyncGenerator<StoreObject> {
  const isBehind = compareKeys(from, prefix) > 0 && !from.startsWith(prefix);
  let position: S3Position | undefined = isBehind ? undefined : firstPosition(prefix, from);
  while (position !== undefined) {
    const page: S3Page = await listPage({ prefix, signal, ...position });
    for (const entry of page.entries) {
      signal?.throwIfAborted();
      if (entry.kind === "object" && !entry.key.endsWith("/") && compareKeys(entry.key, from) >= 0)
        yield entry;
    }
    position = page.token === undefined ? undefined : { token: page.token };
  }
}

/** StartAfter leaves out the key itself too, so that it has to be one that sorts before the first that is wanted. */
function firstPosition(prefix: string, from: string): S3Position {
  const isBelow = from.startsWith(prefix) && from !== prefix;
  return isBelow ? { startAfter: printBefore(from) } : {};
}

/** The last of all characters. */
const LAST = "\u{10FFFF}";

/** A text that sorts before another, with hardly a key between the two. */
function printBefore(text: string): string {
  const last = Array.from(text).at(-1) ?? "";
  const rest = text.slice(0, text.length - last.length);
  const code = last.codePointAt(0) ?? 0;
  // Before these come control characters, which not all servers take, and halves of characters.
  return code <= 0x20 || code === 0xe000 ? rest : `${rest}${String.fromCodePoint(code - 1)}${LAST}`;
}
