import { printArn } from "../../core/arn.ts";
import type { Check } from "../../core/check.ts";
import type { AccessTrial } from "./access-trial.ts";
import { attemptCheck, isAnswer } from "./attempt-check.ts";

/** What is tried: an action of Glue, and what on, as ARNs have it: `table/default/cloudtrail`. */
export interface GlueCall {
  readonly action: string;
  readonly resource: string;
}

/**
 * Makes a check of a call to Glue. That something is missing, or there already, Glue tells only those who may make the call.
 * @param find gives what to say, where it is more than that the call is allowed
 */
export function attemptGlue(
  { place }: AccessTrial,
  { action, resource }: GlueCall,
  find: () => Promise<unknown>,
): Promise<Check> {
  const call = { action: `glue:${action}`, resource: printArn(place, "glue", resource) };
  return attemptCheck({ name: call.action, ...call }, async () => {
    try {
      const found = await find();
      return typeof found === "string" ? found : "allowed";
    } catch (error) {
      if (isMissing(error) || isThere(error)) return "allowed";
      throw error;
    }
  });
}

export function isMissing(error: unknown): boolean {
  return isAnswer(error) && error.name === "EntityNotFoundException";
}

function isThere(error: unknown): boolean {
  return isAnswer(error) && error.name === "AlreadyExistsException";
}

/** A name that no table of the tool has: they end in an account, or in `raw`. */
export function nameOfNoTable({ options }: AccessTrial): string {
  return `${options.tablePrefix}_doctor_probe`;
}
