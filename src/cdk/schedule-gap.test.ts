import { expect, test } from "vitest";
import { findLongestGap } from "./schedule-gap.ts";

test.each([
  ["rate(1 day)", 24],
  ["rate(12 hours)", 12],
  ["rate(30 minutes)", 0.5],
  ["cron(15 3 * * ? *)", 24],
  ["cron(0 0/6 ? * * *)", 24],
  ["cron(0 3 ? * MON-FRI *)", 72],
  ["cron(0 3 ? * 2-6 *)", 72],
  ["cron(0 3 ? * FRI-MON *)", 96],
  ["cron(0 3 ? * TUE,SAT *)", 96],
  ["cron(0 3 ? * mon *)", 168],
  ["cron(0 3 ? * SUN-SAT *)", 24],
])("%s has %s hours between runs at most", (expression, hours) => {
  expect(findLongestGap(expression)).toBe(hours);
});

test.each([
  "cron(0 3 1 * ? *)",
  "cron(0 3 * 1-6 ? *)",
  "cron(0 3 * * ? 2026)",
  "cron(0 3 ? * 2#1 *)",
  "cron(0 3 ? * L *)",
  "cron(0 3 ? * MON-WED-FRI *)",
  "cron(0 3 ? * MON-FOO *)",
  "cron(0 3 ? * SUN,2-6/2 *)",
  "at(2026-11-22T03:15:00)",
  "daily",
])("%s does not say", (expression) => {
  expect(findLongestGap(expression)).toBeUndefined();
});
