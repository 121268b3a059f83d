const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What the JSON string with its quotes from `start` to before `end` spells. */
export function parseJsonString(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(decoder.decode(bytes.subarray(start, end))) as string;
}
