const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** What the JSON string with its quotes from `start` to before `end` spells. */
export function parseJsonString(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(decoder.decode(bytes.subarray(start, end))) as string;
}

/** Half a surrogate pair has no UTF-8: U+FFFD stands for it. Node 20's toWellFormed is not in lib es2023. */
export function makeWellFormed(text: string): string {
  return text.replaceAll(LONE_SURROGATES, "\ufffd");
}
