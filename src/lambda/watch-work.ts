import type { Progress } from "../actions/progress.ts";
import type { RunOptions } from "../actions/run.ts";
import type { Compactor, DayWork } from "../compactor/compactor.ts";
import { printAccountDay } from "../core/lake/lake-day.ts";
import { parseLogKey } from "../core/log-key.ts";
import type { TimeLeft } from "./time-left.ts";
import { watchDays } from "./watch-days.ts";

/** How time goes by in account-days, and then in the catalog. */
export interface WorkWatch {
  /** The same compactor; the account-days that it works on are named where time runs out. */
  readonly compactor: Compactor;
  readonly options: Required<Pick<RunOptions, "isTimeUp" | "onProgress">>;
  /** All account-days are done with that time is enough for. */
  endDays(): void;
}

/** Must be made when the work begins. */
export function watchWork(time: TimeLeft, compactor: Compactor): WorkWatch {
  const isTimeUpForDays = watchDays(time, compactor.atOnce);
  const atWork = new Set<string>();
  let isOverDays = false;
  let read: Omit<Progress, "step"> = { done: 0 };
  const tell = (): void => time.onProgress({ ...read, step: `compacting ${[...atWork].join(" and ")}, MB` });
  return {
    compactor: {
      atOnce: compactor.atOnce,
      warmUp: () => compactor.warmUp(),
      close: () => compactor.close(),
      compactDay: async (work) => {
        const name = nameAccountDay(work);
        atWork.add(name);
        tell();
        // One that fails stays named.
        const result = await compactor.compactDay(work);
        atWork.delete(name);
        return result;
      },
    },
    options: {
      isTimeUp: () => (isOverDays ? time.isTimeUp() : isTimeUpForDays()),
      onProgress: (progress) => {
        if (atWork.size === 0) return time.onProgress(progress);
        read = progress;
        tell();
      },
    },
    endDays: () => {
      isOverDays = true;
    },
  };
}

/** All objects of an account-day have its account and its day in their keys. */
function nameAccountDay({ dataset, sources }: DayWork): string {
  const key = sources[0]?.key ?? "";
  const parsed = parseLogKey(key);
  return parsed === undefined ? key : printAccountDay({ dataset, account: parsed.account, day: parsed.day });
}
