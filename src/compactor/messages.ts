import type { Failure } from "./failure.ts";
import type { Job, JobOutcome, PartFile, ReadNote, Shredded } from "./job.ts";

/** What a thread asks for, and gets an answer to. */
export type Request =
  | { readonly name: "readNext" }
  | { readonly name: "openScratch" }
  | { readonly name: "awaitEarlier" }
  /** Answered once it is written. */
  | { readonly name: "putPart"; readonly part: PartFile };

export type ToWorker =
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown };

export type FromWorker =
  | { readonly kind: "request"; readonly id: number; readonly request: Request }
  | { readonly kind: "read"; readonly read: ReadNote }
  | { readonly kind: "shredded"; readonly own: Shredded }
  | { readonly kind: "done"; readonly outcome: JobOutcome }
  | { readonly kind: "failed"; readonly failure: Failure };
