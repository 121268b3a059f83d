import { expect, test } from "vitest";
import { isAccount } from "../../src/core/log-key.ts";
import { castAccount, inventAccountId } from "./account.ts";

test("ten thousand accounts have ten thousand ids of twelve digits", () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => inventAccountId(index, 123));
  expect(ids.filter((id) => !isAccount(id))).toEqual([]);
  expect(new Set(ids).size).toBe(10_000);
});

test("the third account begins with a zero", () => {
  expect(inventAccountId(2, 0)).toMatch(/^0/);
});

test("every principal is an invented one, as in AWS's documentation", () => {
  const { id, index, ...cast } = castAccount(1, 0, "111122223333");
  expect([id, index]).toEqual(["111122223333", 0]);
  for (const { principalId, accessKeyId } of Object.values(cast)) {
    expect(principalId).toMatch(/^A(ID|RO)A[A-Z2-7]{9}EXAMPLE$/);
    expect(accessKeyId).toMatch(/^A(KI|SI)A[A-Z2-7]{9}EXAMPLE$/);
  }
});
