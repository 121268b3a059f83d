import { z } from "zod";
import type { Question } from "../config/plan-options.ts";
import { isAccount, isRegion } from "../core/log-key.ts";
import { addDays, parseDay } from "../core/day.ts";
import { UserError } from "../core/user-error.ts";

const day = z.string().refine((text) => parseDay(text) !== undefined, "must be a day such as 2026-11-22");

const SCHEMA = z
  .strictObject({
    days: z.int().min(1).max(36_500).optional(),
    from: day.optional(),
    to: day.optional(),
    accounts: z.array(z.string().refine(isAccount, "must be 12 digits")).min(1).optional(),
    regions: z.array(z.string().refine(isRegion, "must be a Region's name")).min(1).optional(),
    continuation: z.int().min(0).optional(),
  })
  .refine(({ days, from }) => days === undefined || from === undefined, "takes days or from, not both")
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ["from"],
    message: "must not be after to",
  });

/** What one call asks for beyond the function's configuration; `{}` for nothing. */
export type RunEvent = z.infer<typeof SCHEMA>;

const EXAMPLE =
  '{ "days": 90 } or { "from": "2026-01-01", "to": "2026-03-31", "accounts": ["111122223333"] }';

/** @throws UserError naming what does not fit */
export function parseEvent(event: unknown): RunEvent {
  const parsed = SCHEMA.safeParse(event ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length === 0 ? "" : ` ${issue?.path.join(".")}:`;
  throw new UserError(`the event that the function was called with:${where} ${issue?.message}`, {
    hint: `call it with {}, or with ${EXAMPLE}`,
  });
}

/** `days` count back from `to`, or from today. */
export function toQuestion({ days, from, to, accounts, regions }: RunEvent): Question {
  return { from: days === undefined ? from : countBack(days, to), to, account: accounts, region: regions };
}

function countBack(days: number, to: string | undefined): string {
  const last = to === undefined ? undefined : parseDay(to);
  return last === undefined ? `${days}d` : addDays(last, 1 - days);
}

/** Whether the call is about fewer days than the configuration, perhaps: then that there are no logs means little. */
export function hasOwnDays({ days, from }: RunEvent): boolean {
  return days !== undefined || from !== undefined;
}

/** Whether the call is about all that the configuration names, up to today. */
export function isWhole({ to, accounts, regions }: RunEvent): boolean {
  return to === undefined && accounts === undefined && regions === undefined;
}
