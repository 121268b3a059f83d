import { hash } from "node:crypto";
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import { findColumn } from "../core/compact/find-column.ts";
import { ByteSink } from "../core/bytes/byte-sink.ts";
import type { LeafColumn } from "../core/shred/leaf-column.ts";
import type { RecordColumns } from "../core/shred/record-columns.ts";

/** An identity is 128 bits: four words. */
const WORDS = 4;
const READ_BYTES = 1 << 20;
/** Slots of the table an identity, at least: most that are looked for are not there, and the first slot says so. */
const SLOTS = 3;

/**
 * The identities of a Parquet file's records, to be compared with those of others of its account-day. They are hashes under a key
 * that nobody else knows, so that no two can be made to collide; what is found depends on no key.
 */
export class Identities {
  readonly #words: Uint32Array<ArrayBuffer>;
  /** By identity. */
  readonly #rows: Int32Array;
  /** By the first word: an identity's number + 1, at the next free place. */
  readonly #slots: Int32Array;
  #count = 0;

  /** @param dropped rows that are the same as an earlier one, which has the identity; marked further by `dropKnown` */
  constructor(columns: RecordColumns, dropped: Uint8Array, key: Uint8Array) {
    const event = findColumn(columns, "eventid");
    const rows = listRows(event, columns.rows, dropped);
    this.#rows = rows;
    this.#words = new Uint32Array(rows.length * WORDS);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(rows.length * SLOTS + 1)));
    const encode = makeEncoder(event, findColumn(columns, "recipientaccountid"), key);
    for (const row of rows) this.#add(hash("sha256", encode(row), "buffer"));
  }

  #add(digest: Buffer): void {
    const words = this.#words;
    const at = this.#count * WORDS;
    for (let word = 0; word < WORDS; word++) words[at + word] = digest.readUint32LE(word * 4);
    const mask = this.#slots.length - 1;
    let slot = words[at]! & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = ++this.#count;
  }

  /** Keeps them for those that come after. */
  write(file: string): void {
    writeFileSync(file, this.#words);
  }

  /**
   * Drops the rows whose identity is in that file, a piece of which is in memory at a time.
   * @returns how many
   */
  dropKnown(file: string, dropped: Uint8Array): number {
    let count = 0;
    for (const known of readWords(file))
      for (let at = 0; at < known.length; at += WORDS) {
        const found = this.#find(known, at);
        if (found < 0 || dropped[this.#rows[found]!] === 1) continue;
        dropped[this.#rows[found]!] = 1;
        count++;
      }
    return count;
  }

  #find(known: Uint32Array, at: number): number {
    const slots = this.#slots;
    const words = this.#words;
    const mask = slots.length - 1;
    let slot = known[at]! & mask;
    for (let number = slots[slot]! - 1; number >= 0; number = slots[slot]! - 1) {
      const own = number * WORDS;
      if (
        words[own] === known[at] &&
        words[own + 1] === known[at + 1] &&
        words[own + 2] === known[at + 2] &&
        words[own + 3] === known[at + 3]
      )
        return number;
      slot = (slot + 1) & mask;
    }
    return -1;
  }
}

/** Rows that have an eventID and are not dropped. */
function listRows({ ids }: LeafColumn, rows: number, dropped: Uint8Array): Int32Array {
  const kept = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (ids[row]! > 0 && dropped[row] === 0) kept[count++] = row;
  return kept.subarray(0, count);
}

/** Key, length of the eventID, eventID, then the account, or nothing of what follows where there is none: no two are alike. */
function makeEncoder(event: LeafColumn, account: LeafColumn, key: Uint8Array): (row: number) => Uint8Array {
  const sink = new ByteSink();
  return (row) => {
    const eventId = event.values.bytesOf(event.ids[row]! - 1);
    const accountId = account.ids[row]! - 1;
    sink.length = 0;
    sink.append(key);
    sink.uint32(eventId.length);
    sink.append(eventId);
    if (accountId >= 0) {
      sink.byte(1);
      sink.append(account.values.bytesOf(accountId));
    }
    return sink.written();
  };
}

function* readWords(file: string): Generator<Uint32Array> {
  const buffer = new Uint8Array(READ_BYTES);
  const descriptor = openSync(file, "r");
  try {
    for (let length = readFull(descriptor, buffer); length > 0; length = readFull(descriptor, buffer))
      yield new Uint32Array(buffer.buffer, 0, length / 4);
  } finally {
    closeSync(descriptor);
  }
}

/** As much as there is room for, or as is left. */
function readFull(descriptor: number, buffer: Uint8Array): number {
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read)
    read = readSync(descriptor, buffer, { offset: length });
  return length;
}
