import { ByteStrings } from "./byte-strings.ts";
import { enlarge } from "./enlarge.ts";
import { hashText } from "./hash-text.ts";
import type { Text } from "./text.ts";

/** Values looked up before it is judged whether looking them up is worth it. */
const TRIAL = 1024;
/** More than this share of them new: most will be, and they are stored without looking. */
const WORTHWHILE = 0.6;
/** Comparisons spent a value, at most: values chosen to collide cannot make a day quadratic. */
const PATIENCE = 16;
const SMALLEST_TABLE = 512;

/** Byte strings of which one is stored once while they repeat, and every time once they hardly do. */
export class Values extends ByteStrings {
  /** Whether equal values have one id. */
  repeating = true;

  // `private` and not `#private`, which cost 8-19 % here on Node 20.
  private table = new Int32Array(SMALLEST_TABLE);
  private hashes = new Int32Array(256);
  private lookups = 0;
  private comparisons = 0;
  private readonly marked = { count: 0, lookups: 0, comparisons: 0, repeating: true };

  /** @returns its id */
  add(text: Text, start: number, end: number): number {
    if (!this.repeating) return this.append(text.bytes, start, end);
    const { table, hashes } = this;
    const hash = hashText(text, start, end);
    const mask = table.length - 1;
    let slot = hash & mask;
    this.lookups++;
    for (let id = table[slot]! - 1; id >= 0; id = table[slot]! - 1) {
      if (hashes[id] === hash && this.lengthOf(id) === end - start && this.isAt(id, text, start)) return id;
      this.comparisons++;
      slot = (slot + 1) & mask;
    }
    const id = this.append(text.bytes, start, end);
    table[slot] = id + 1;
    this.keep(id, hash);
    return id;
  }

  /** Forgets everything, and keeps its room: what is added next has the ids that it would have had at first. */
  clear(): void {
    this.count = 0;
    this.sink.length = 0;
    this.lookups = 0;
    this.comparisons = 0;
    this.repeating = true;
    this.table = new Int32Array(SMALLEST_TABLE);
  }

  /** Remembers what it holds, to come back to. */
  mark(): void {
    const { marked } = this;
    marked.count = this.count;
    marked.lookups = this.lookups;
    marked.comparisons = this.comparisons;
    marked.repeating = this.repeating;
  }

  /** Becomes what it was when last marked, so that what came since shows nowhere. */
  cut(): void {
    const { count, lookups, comparisons, repeating } = this.marked;
    if (repeating && this.count > count) this.rehash(count);
    this.count = count;
    this.sink.length = this.starts[count]!;
    this.lookups = lookups;
    this.comparisons = comparisons;
    this.repeating = repeating;
  }

  private keep(id: number, hash: number): void {
    if (id === this.hashes.length) this.hashes = enlarge(this.hashes, id + 1);
    this.hashes[id] = hash;
    if (this.count * 2 > this.table.length) this.fillTable(this.count);
    if (this.lookups >= TRIAL && !this.isWorthwhile()) this.stopLooking();
  }

  private isWorthwhile(): boolean {
    return this.count < this.lookups * WORTHWHILE && this.comparisons < this.lookups * PATIENCE;
  }

  private stopLooking(): void {
    this.repeating = false;
    this.table = new Int32Array(0);
    this.hashes = new Int32Array(0);
  }

  private rehash(count: number): void {
    const { sink, starts } = this;
    this.hashes = new Int32Array(Math.max(256, count));
    for (let id = 0; id < count; id++) this.hashes[id] = hashText(sink, starts[id]!, starts[id + 1]!);
    this.fillTable(count);
  }

  /** Its size depends on the count alone, so that the number of comparisons does. */
  private fillTable(count: number): void {
    let size = SMALLEST_TABLE;
    while (count * 2 > size) size *= 4;
    const table = new Int32Array(size);
    for (let id = 0; id < count; id++) {
      let slot = this.hashes[id]! & (size - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (size - 1);
      table[slot] = id + 1;
    }
    this.table = table;
  }
}
