import { enlarge } from "./enlarge.ts";
import type { Text } from "./text.ts";

/** Offsets are kept in 32 bits, with their sign. */
const MOST_BYTES = 2 ** 31 - 1;
/** In a loop, copying that many bytes takes as long as the call that copies them. */
const SHORT = 96;

/** Bytes that grow; `bytes` and `view` are others once it has grown, so they are not to be held. */
export class ByteSink implements Text {
  bytes: Uint8Array;
  view: DataView;
  length = 0;

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** @throws RangeError above 2 GiB */
  reserve(more: number): void {
    const least = this.length + more;
    if (least <= this.bytes.length) return;
    if (least > MOST_BYTES) throw new RangeError(`${least} bytes in one place, of at most ${MOST_BYTES}`);
    this.bytes = enlarge(this.bytes, least);
    this.view = new DataView(this.bytes.buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Four bytes, the least significant first. */
  uint32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** Unsigned, seven bits a byte, the least significant first. */
  varint(value: number): void {
    for (; value >= 0x80; value = Math.floor(value / 0x80)) this.byte((value % 0x80) | 0x80);
    this.byte(value);
  }

  append(from: Uint8Array, start = 0, end = from.length): void {
    this.reserve(end - start);
    const { bytes, length } = this;
    this.length = length + end - start;
    if (end - start > SHORT) bytes.set(from.subarray(start, end), length);
    else for (let at = length; start < end; start++, at++) bytes[at] = from[start]!;
  }

  /** What is in it, until it is written to again. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}
