import { describe, expect, test } from "vitest";
import type { AlarmProperties, AlarmState } from "./cloudwatch-alarm.ts";
import { evaluateAlarm, watchAlarm } from "./cloudwatch-alarm.ts";
import type { Datapoint } from "./cloudwatch-emf.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

const ALARM: AlarmProperties = {
  Namespace: "N",
  MetricName: "M",
  Dimensions: [{ Name: "a", Value: "1" }],
  Statistic: "Sum",
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: "GreaterThanOrEqualToThreshold",
};

function point(minutesAgo: number, value: number, rest: Partial<Datapoint> = {}): Datapoint {
  const shared = { namespace: "N", name: "M", dimensions: { a: "1" }, unit: "Count" };
  return { ...shared, time: NOW - minutesAgo * MINUTE, value, ...rest };
}

function evaluate(
  alarm: Partial<AlarmProperties>,
  points: readonly Datapoint[],
  {
    now = NOW,
    before = "INSUFFICIENT_DATA",
    further,
  }: { now?: number; before?: AlarmState; further?: number } = {},
): AlarmState {
  return evaluateAlarm({ ...ALARM, ...alarm }, points, {
    now,
    before,
    ...(further === undefined ? {} : { further }),
  });
}

/** "0 - X": what is good, missing and breaching, the newest last. */
function draw(text: string): Datapoint[] {
  const signs = text.split(" ");
  return signs.flatMap((sign, index) =>
    sign === "-" ? [] : [point((signs.length - index) * 5 - 2, sign === "X" ? 1 : 0)],
  );
}

const RETAINED = "retained";
const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;

/** The tables of CloudWatch's guide, "How alarm state is evaluated when data is missing", and the text below them. */
const GUIDE: readonly [number, string, ...(AlarmState | typeof RETAINED)[]][] = [
  [3, "0 - X - X", "OK", "OK", "OK", "OK"],
  [3, "0 - - - -", "OK", "OK", "OK", "OK"],
  [3, "- - - - -", "INSUFFICIENT_DATA", RETAINED, "ALARM", "OK"],
  [3, "0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [3, "- - X - -", "ALARM", RETAINED, "ALARM", "OK"],
  [2, "0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [2, "0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [2, "0 - X - -", "OK", "OK", "ALARM", "OK"],
  [2, "- - - - 0", "OK", "OK", "ALARM", "OK"],
  [2, "- - - X -", "ALARM", RETAINED, "ALARM", "OK"],
  [3, "- - - - X", "OK", "OK", "ALARM", "OK"],
  [3, "- - - X -", "OK", "OK", "ALARM", "OK"],
];

describe("an alarm over three periods", () => {
  test.each(GUIDE)("of which %d must breach, on %s: %s, %s, %s, %s", (count, text, ...states) => {
    TREATMENTS.forEach((TreatMissingData, index) => {
      for (const before of ["OK", "ALARM"] as const) {
        const alarm = { EvaluationPeriods: 3, DatapointsToAlarm: count, TreatMissingData };
        const expected = states[index] === RETAINED ? before : states[index];
        expect(evaluate(alarm, draw(text), { before }), `${TreatMissingData} from ${before}`).toBe(expected);
      }
    });
  });
});

describe("an alarm", () => {
  test.each([
    ["of another namespace", { namespace: "O" }],
    ["of another name", { name: "O" }],
    ["of another dimension's value", { dimensions: { a: "2" } }],
    ["with one more dimension", { dimensions: { a: "1", b: "2" } }],
    ["with fewer dimensions", { dimensions: {} }],
    ["to come", { time: NOW + MINUTE }],
  ])("does not see datapoints %s", (_, rest) => {
    expect(evaluate({}, [point(1, 1)])).toBe("ALARM");
    expect(evaluate({}, [point(1, 1, rest)])).toBe("INSUFFICIENT_DATA");
  });

  test("asks for a unit only where it names one", () => {
    expect(evaluate({ Unit: "Count" }, [point(1, 1)])).toBe("ALARM");
    expect(evaluate({ Unit: "None" }, [point(1, 1)])).toBe("INSUFFICIENT_DATA");
  });

  test.each([
    ["GreaterThanOrEqualToThreshold", [false, true, true]],
    ["GreaterThanThreshold", [false, false, true]],
    ["LessThanOrEqualToThreshold", [true, true, false]],
    ["LessThanThreshold", [true, false, false]],
  ] as const)("compares by %s", (ComparisonOperator, breaching) => {
    const states = [0, 1, 2].map((value) => evaluate({ ComparisonOperator }, [point(1, value)]));
    expect(states).toEqual(breaching.map((isSo) => (isSo ? "ALARM" : "OK")));
  });

  test.each([
    ["Sum", 9],
    ["Maximum", 5],
    ["Minimum", 1],
    ["Average", 3],
    ["SampleCount", 3],
  ] as const)("puts the values of a period together by %s", (Statistic, value) => {
    const points = [point(1, 1), point(2, 5), point(3, 3)];
    expect(evaluate({ Statistic, Threshold: value }, points)).toBe("ALARM");
    expect(evaluate({ Statistic, Threshold: value + 0.1 }, points)).toBe("OK");
  });

  test("looks back from the current minute, a period at a time", () => {
    const states = [0, 1, 5, 6].map((minutesAgo) =>
      evaluate({ TreatMissingData: "notBreaching" }, [point(minutesAgo, 1)], { further: 0 }),
    );
    expect(states).toEqual(["OK", "ALARM", "ALARM", "OK"]);
  });

  test("over more than a day looks back from the current hour", () => {
    const alarm = { Period: 3600, EvaluationPeriods: 25, DatapointsToAlarm: 1 };
    const points = [point(-2, 1)];
    const at = (hour: number, minute: number): AlarmState =>
      evaluate(alarm, points, { now: Date.UTC(2026, 10, 22, hour, minute) });
    expect([at(12, 3), at(12, 59), at(13, 0)]).toEqual(["INSUFFICIENT_DATA", "INSUFFICIENT_DATA", "ALARM"]);
  });

  test("that lacks the newest datapoints goes by an older one, as far back as CloudWatch looks", () => {
    const isSilent: Partial<AlarmProperties> = {
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
    };
    const at = (further: number): AlarmState => evaluate(isSilent, draw("X - -"), { further });
    expect([0, 1, 2].map(at)).toEqual(["ALARM", "ALARM", "OK"]);
  });

  test.each<[string, object]>([
    ["a period of 90 seconds", { Period: 90 }],
    ["more than a day in periods of minutes", { Period: 300, EvaluationPeriods: 289 }],
    ["more than a week", { Period: 86_400, EvaluationPeriods: 8 }],
    ["more datapoints than periods", { EvaluationPeriods: 1, DatapointsToAlarm: 2 }],
    ["no periods", { EvaluationPeriods: 0 }],
    ["a statistic of another name", { Statistic: "p99" as "Sum" }],
    ["a comparison of another name", { ComparisonOperator: "Equals" as "LessThanThreshold" }],
    ["another treatment of missing data", { TreatMissingData: "bad" as "missing" }],
    ["metric math", { Metrics: [] }],
  ])("with %s is refused", (_, change) => {
    expect(() => evaluate(change, [])).toThrow(/would not take|knows no/);
  });

  test("of a week in days is taken", () => {
    expect(evaluate({ Period: 86_400, EvaluationPeriods: 7 }, [])).toBe("INSUFFICIENT_DATA");
  });
});

describe("watchAlarm", () => {
  const window = { from: NOW, to: NOW + 120 * MINUTE };

  function watch(alarm: Partial<AlarmProperties>, points: readonly Datapoint[], further: number): string[] {
    const transitions = watchAlarm({ ...ALARM, ...alarm }, points, { ...window, further });
    return transitions.map(({ time, state }) => `${state} ${(time - NOW) / MINUTE}`);
  }

  test("gives each change of state with its time", () => {
    const alarm: Partial<AlarmProperties> = { TreatMissingData: "notBreaching" };
    expect(watch(alarm, [point(-10, 1)], 0)).toEqual(["OK 0", "ALARM 11", "OK 16"]);
    expect(watch(alarm, [point(-10, 1)], 2)).toEqual(["OK 0", "ALARM 11", "OK 26"]);
  });

  test("goes by the last datapoints again and again when no more come, as CloudWatch does", () => {
    const states = watch({ TreatMissingData: "notBreaching" }, [point(-10, 1), point(-12, 0)], 1);
    expect(states).toEqual(["OK 0", "ALARM 11", "OK 16", "ALARM 18", "OK 21"]);
  });

  test("leaves an alarm that ignores missing data as it is", () => {
    expect(watch({ TreatMissingData: "ignore" }, [point(-10, 1)], 2)).toEqual(["ALARM 11"]);
  });

  test("looks at an alarm over more than a day once an hour", () => {
    const alarm = { Period: 3600, EvaluationPeriods: 25, DatapointsToAlarm: 1 };
    expect(watch(alarm, [point(-10, 1)], 0)).toEqual(["ALARM 60"]);
  });
});
