import { ByteSink } from "./byte-sink.ts";
import { enlarge } from "./enlarge.ts";
import type { Text } from "./text.ts";

/** Strings of bytes by id, from 0 on, one after the other. */
export class ByteStrings {
  readonly sink = new ByteSink();
  /** By id, and one more: where the next begins. */
  starts = new Int32Array(257);
  count = 0;

  /** @returns its id */
  append(bytes: Uint8Array, start: number, end: number): number {
    const id = this.count;
    if (id + 2 > this.starts.length) this.starts = enlarge(this.starts, id + 2);
    this.sink.append(bytes, start, end);
    this.starts[id + 1] = this.sink.length;
    this.count = id + 1;
    return id;
  }

  lengthOf(id: number): number {
    return this.starts[id + 1]! - this.starts[id]!;
  }

  /** Its bytes, until more are appended. */
  bytesOf(id: number): Uint8Array {
    return this.sink.bytes.subarray(this.starts[id], this.starts[id + 1]);
  }

  /** Whether the text goes on with this string; the text must be long enough. */
  isAt(id: number, { view: text }: Text, start: number): boolean {
    const { view } = this.sink;
    const end = this.starts[id + 1]!;
    let at = this.starts[id]!;
    for (; at + 4 <= end; at += 4, start += 4)
      if (view.getInt32(at, true) !== text.getInt32(start, true)) return false;
    for (; at < end; at++, start++) if (view.getUint8(at) !== text.getUint8(start)) return false;
    return true;
  }

  /** Negative where the first comes before the second, as unsigned bytes; 0 where they are equal. */
  compare(a: number, b: number): number {
    const { bytes } = this.sink;
    let atA = this.starts[a]!;
    let atB = this.starts[b]!;
    const endA = this.starts[a + 1]!;
    const endB = this.starts[b + 1]!;
    for (; atA < endA && atB < endB; atA++, atB++) {
      const difference = bytes[atA]! - bytes[atB]!;
      if (difference !== 0) return difference;
    }
    return endA - atA - (endB - atB);
  }
}
