import { SourceChanged } from "../core/source-changed.ts";
import { UserError } from "../core/user-error.ts";

/** An error that can be handed from thread to thread: of a class of ours, only the message would arrive. */
export type Failure =
  | { readonly kind: "changed"; readonly key: string }
  | { readonly kind: "user"; readonly message: string; readonly hint: string | undefined }
  | { readonly kind: "bug"; readonly error: unknown };

export function packFailure(error: unknown): Failure {
  if (error instanceof SourceChanged) return { kind: "changed", key: error.key };
  if (error instanceof UserError) return { kind: "user", message: error.message, hint: error.hint };
  return { kind: "bug", error };
}

/** @param memory as in explainMemory */
export function unpackFailure(failure: Failure, memory: number): unknown {
  switch (failure.kind) {
    case "changed":
      return new SourceChanged(failure.key);
    case "user":
      return new UserError(failure.message, failure.hint === undefined ? {} : { hint: failure.hint });
    case "bug":
      return explainMemory(failure.error, memory);
  }
}

/**
 * An error that says that memory ended as the user's affair; any other as it is.
 * @param memory bytes that were given
 */
export function explainMemory(error: unknown, memory: number): unknown {
  const isHeap = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  const isBuffer = error instanceof RangeError && /allocation failed/i.test(error.message);
  if (!isHeap && !isBuffer) return error;
  return new UserError(
    `a thread that compacts logs ran out of memory (--memory is ${Math.floor(memory / 1e6)} MB)`,
    {
      hint: "free some of the machine's memory, or give a smaller --memory: then fewer threads work at once",
      cause: error,
    },
  );
}
