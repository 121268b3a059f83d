/** How to end a sentence that tells the user what is wrong. */
export interface UserErrorOptions extends ErrorOptions {
  /** What to do about it: one sentence, or a command to type. */
  readonly hint?: string;
}

/**
 * Something that the user can put right: its message names the thing and the value found, then what was wanted.
 * Every other error is a bug of ours.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly hint: string | undefined;

  constructor(message: string, { hint, ...options }: UserErrorOptions = {}) {
    super(message, options);
    this.hint = hint;
  }
}

/** The user, or the role, lacks a permission. */
export class AccessDenied extends UserError {}
