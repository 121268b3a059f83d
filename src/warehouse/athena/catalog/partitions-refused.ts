import { UserError } from "../../../core/user-error.ts";

/** One table's partitions may not be written, or it may not be turned over: it answers with what it has. */
export class PartitionsRefused extends Error {
  readonly refusal: UserError;

  constructor(refusal: UserError) {
    super(refusal.message, { cause: refusal });
    this.refusal = refusal;
  }
}

/** @throws PartitionsRefused for every UserError of the work */
export async function whereverAllowed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? new PartitionsRefused(error) : error;
  }
}
