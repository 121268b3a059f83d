const HOURS: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: 24 };

/** As EventBridge Scheduler counts them, from 1. */
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Hours from one start to the next at most, a day being the least for `cron(...)`; undefined where that cannot be told, and
 * for months and days of the month.
 * @param expression `cron(...)` or `rate(...)`
 */
export function findLongestGap(expression: string): number | undefined {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const hours = HOURS[unit];
  if (hours !== undefined) return Number(count) * hours;
  const [, day, month, weekdays, year] = /^cron\(\S+ \S+ (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression) ?? [];
  if (weekdays === undefined || ![day, month, year].every(isAny)) return undefined;
  if (isAny(weekdays)) return 24;
  const days = parseWeekdays(weekdays);
  return days === undefined ? undefined : 24 * longestOf(days);
}

function isAny(field: string | undefined): boolean {
  return field === "*" || field === "?";
}

/** "MON-FRI,SUN" as numbers from 0 for Sunday, in order; undefined for what is not a list of days and ranges. */
function parseWeekdays(field: string): number[] | undefined {
  const days = new Set<number | undefined>();
  for (const part of field.split(",")) {
    const ends = part.split("-").map(parseWeekday);
    const [first, last = first] = ends;
    if (first === undefined || last === undefined || ends.includes(undefined) || ends.length > 2)
      return undefined;
    for (let day = first; day <= (last < first ? last + 7 : last); day++) days.add(day % 7);
  }
  return [...days].filter((day) => day !== undefined).toSorted((a, b) => a - b);
}

function parseWeekday(word: string): number | undefined {
  const index = /^[1-7]$/.test(word) ? Number(word) - 1 : WEEKDAYS.indexOf(word.toUpperCase());
  return index < 0 ? undefined : index;
}

function longestOf(days: readonly number[]): number {
  return Math.max(...days.map((day, index) => (days[index + 1] ?? (days[0] ?? 0) + 7) - day));
}
