import type { Text } from "./text.ts";

/** Longer texts are not read whole. */
const SAMPLED = 20;

/**
 * 32 bits of the length and of at most 20 bytes, from both ends and the middle, where names and ARNs differ.
 * Texts that collide are easily made: whoever uses it must stay quick, and right, when all of them do.
 */
export function hashText({ view }: Text, start: number, end: number): number {
  const seed = (end - start) ^ 0x811c9dc5;
  let hash =
    end - start < SAMPLED ? hashWhole(seed, view, { start, end }) : hashSample(seed, view, { start, end });
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function hashWhole(hash: number, view: DataView, { start, end }: Range): number {
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mix(hash, view.getInt32(at, true));
  for (; at < end; at++) hash = mix(hash, view.getUint8(at));
  return hash;
}

function hashSample(hash: number, view: DataView, { start, end }: Range): number {
  const middle = start + ((end - start) >> 1);
  hash = mix(hash, view.getInt32(start, true));
  hash = mix(hash, view.getInt32(middle - 4, true));
  hash = mix(hash, view.getInt32(middle, true));
  hash = mix(hash, view.getInt32(end - 8, true));
  return mix(hash, view.getInt32(end - 4, true));
}

function mix(hash: number, bits: number): number {
  const mixed = Math.imul(hash ^ bits, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
