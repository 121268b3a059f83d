import * as fc from "fast-check";
import { expect } from "vitest";
import { SAMPLE_TEXT } from "./adversarial-texts.contract.ts";
import { expectRecords } from "./expected-records.contract.ts";
import { NotALog } from "./not-a-log.ts";
import { readRows } from "./read-rows.contract.ts";
import { Shredder } from "./shred-records.ts";

export const REGION = "eu-central-1";
export const SAMPLE: Uint8Array = new TextEncoder().encode(SAMPLE_TEXT);

/** How many records; undefined where it is refused. */
export function shred(shredder: Shredder, text: Uint8Array): number | undefined {
  try {
    return shredder.shred(text, REGION);
  } catch (error) {
    if (error instanceof NotALog) return undefined;
    throw error;
  }
}

/** Compares with the slow reference, between two other texts, so that whatever a refused one leaves behind shows. */
export function checkText(text: Uint8Array): void {
  const shredder = new Shredder();
  const wanted = expectRecords(text, REGION);
  const around = expectRecords(SAMPLE, REGION) ?? [];
  shredder.shred(SAMPLE, REGION);
  expect(shred(shredder, text)).toBe(wanted?.length);
  shredder.shred(SAMPLE, REGION);
  expect(readRows(shredder.columns)).toEqual([...around, ...(wanted ?? []), ...around]);
}

/** The sample with up to three places changed. */
export function changedTexts(): fc.Arbitrary<Uint8Array> {
  const byte = fc.constantFrom(...Buffer.from('{}[]",:\\ u0e-.tn1aé\n\0'));
  const added = fc.array(byte, { maxLength: 2 });
  const change = fc.record({ at: fc.nat(SAMPLE.length), removed: fc.nat(2), added });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const bytes = [...SAMPLE];
    for (const edit of changes) bytes.splice(edit.at, edit.removed, ...edit.added);
    return Uint8Array.from(bytes);
  });
}
