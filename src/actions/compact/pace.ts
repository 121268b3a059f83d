import { printBytes } from "../../core/byte-size.ts";

/** Before this it says nothing: the first files tell little. */
const FIRST_WORD_MS = 2000;

/**
 * How fast bytes go by, and how long it still takes: "18.2 MB/s, 3 min left"; undefined as long as it cannot be told.
 * @param milliseconds since the first byte
 */
export function printPace(done: number, total: number, milliseconds: number): string | undefined {
  if (milliseconds < FIRST_WORD_MS || done === 0) return undefined;
  const perSecond = (done / milliseconds) * 1000;
  return `${printBytes(perSecond)}/s, ${printDuration((total - done) / perSecond)} left`;
}

function printDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
