import type { AwsCall } from "../../aws/explain-error.ts";
import { explainAwsError } from "../../aws/explain-error.ts";
import type { Check } from "../../core/check.ts";
import { UserError } from "../../core/user-error.ts";

/** What a check found where it is not simply well. */
export type Finding = Omit<Check, "name">;

export interface Attempt extends AwsCall {
  readonly name: string;
  /** What to do about errors of AWS that `explainAwsError` does not know, and about those whose text this one knows better. */
  readonly remedyOf?: ((error: Error) => string | undefined) | undefined;
}

/**
 * Makes a check of a call: what it finds, or what AWS says and how to mend it.
 * @throws what is no answer of AWS: an interruption, a bug of ours
 */
export async function attemptCheck(
  { name, remedyOf, ...call }: Attempt,
  find: () => Promise<string | Finding>,
): Promise<Check> {
  try {
    const finding = await find();
    return typeof finding === "string" ? { name, ok: true, found: finding } : { name, ...finding };
  } catch (error) {
    if (!(error instanceof Error) || error.name === "AbortError") throw error;
    const remedy = remedyOf?.(error);
    const explained = explainAwsError(error, call);
    if (explained instanceof UserError) {
      return { name, ok: false, found: explained.message, remedy: remedy ?? explained.hint };
    }
    if (!isAnswer(error)) throw error;
    const said = `${call.action} on ${call.resource}: ${error.name}: ${error.message}`;
    return { name, ok: false, found: said, remedy };
  }
}

/** Whether AWS itself said so. */
export function isAnswer(error: unknown): error is Error {
  return error instanceof Error && "$fault" in error;
}
