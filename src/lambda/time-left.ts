import type { Progress } from "../actions/progress.ts";
import { UserError } from "../core/user-error.ts";

/** The part of Lambda's context that tells the time. */
export interface RemainingTime {
  getRemainingTimeInMillis(): number;
}

/** How a run learns that the function's time comes to its end. */
export interface TimeLeft {
  /** Milliseconds until no further step should be taken; 0 or less once time is up. */
  untilUp(): number;
  /** Whether no further step should be taken: what is under way still has time to end. */
  isTimeUp(): boolean;
  /** Aborts what is under way shortly before Lambda ends the process, with an error that says how far it came. */
  readonly signal: AbortSignal;
  /** What is being done, for that error. */
  onProgress(progress: Progress): void;
  stop(): void;
}

/** What to do about a run that its time is too short for. */
export const HOW_TO_FIT =
  "give the function more time or memory, ask for less (fewer days, or some of the accounts), or do the same from a machine, where nothing limits the time";

const MARGIN_MS = 60_000;
const MARGIN_SHARE = 0.2;
/** To explain an error takes some time: the first stack loads the source map. */
const LAST_WORDS_MS = 1000;

export function watchTime(context: RemainingTime): TimeLeft {
  const total = context.getRemainingTimeInMillis();
  const margin = Math.min(MARGIN_MS, total * MARGIN_SHARE);
  const aborter = new AbortController();
  let last: Progress = { step: "listing logs", done: 0 };
  const abort = (): void => aborter.abort(explain(total, last));
  const timer = setTimeout(abort, total - Math.max(margin / 4, Math.min(LAST_WORDS_MS, total / 4)));
  const untilUp = (): number => context.getRemainingTimeInMillis() - margin;
  return {
    untilUp,
    isTimeUp: () => untilUp() <= 0,
    signal: aborter.signal,
    onProgress: (progress) => {
      last = progress;
    },
    stop: () => clearTimeout(timer),
  };
}

function explain(milliseconds: number, { step, done, total }: Progress): UserError {
  const seconds = Math.round(milliseconds / 1000);
  const far = total === undefined ? done : `${done} of ${total}`;
  return new UserError(`the function's ${seconds} s were over while ${step} (${far})`, {
    hint: HOW_TO_FIT,
  });
}
