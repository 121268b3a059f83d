import type { Datapoint } from "./cloudwatch-emf.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** The properties of an AWS::CloudWatch::Alarm that are known here, but for names and actions. */
export interface AlarmProperties {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic: "Sum" | "Maximum" | "Minimum" | "Average" | "SampleCount";
  readonly Unit?: string;
  /** Seconds. */
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: keyof typeof COMPARISONS;
  readonly TreatMissingData?: "missing" | "ignore" | "breaching" | "notBreaching";
}

const COMPARISONS = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
};

const STATISTICS = {
  Sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values: readonly number[]) => Math.max(...values),
  Minimum: (values: readonly number[]) => Math.min(...values),
  Average: (values: readonly number[]) => STATISTICS.Sum(values) / values.length,
  SampleCount: (values: readonly number[]) => values.length,
};

export interface Evaluation {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The state so far; a new alarm has INSUFFICIENT_DATA. */
  readonly before: AlarmState;
  /**
   * How many periods beyond EvaluationPeriods are looked at where some have no data. CloudWatch's own number is not
   * published, and is 2 in its guide's examples.
   */
  readonly further?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_SECONDS = 86_400;

/**
 * The state of an alarm (CloudWatch's guide, "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data").
 * Periods end with the current minute, those of an alarm over more than a day with the current hour.
 * @throws Error where CloudWatch would not take the alarm, or the double does not know what it asks for
 */
export function evaluateAlarm(
  alarm: AlarmProperties,
  datapoints: readonly Datapoint[],
  evaluation: Evaluation,
): AlarmState {
  checkAlarm(alarm);
  const metric = datapoints.filter((datapoint) => isOf(alarm, datapoint));
  return evaluateMetric(alarm, metric, evaluation);
}

function evaluateMetric(
  alarm: AlarmProperties,
  metric: readonly Datapoint[],
  { now, before, further = 2 }: Evaluation,
): AlarmState {
  const { Period, EvaluationPeriods, Statistic, ComparisonOperator, Threshold } = alarm;
  const end = Math.floor(now / evaluationInterval(alarm)) * evaluationInterval(alarm);
  const periods = Array.from({ length: EvaluationPeriods + further }, (): number[] => []);
  // A period holds its start, and not its end.
  for (const { time, value } of metric) periods[Math.ceil((end - time) / (Period * 1000)) - 1]?.push(value);
  const slots = periods.map((values): Slot => {
    if (values.length === 0) return "missing";
    return COMPARISONS[ComparisonOperator](STATISTICS[Statistic](values), Threshold) ? "breaching" : "good";
  });
  return decide(slots, alarm) ?? before;
}

/** A time at which an alarm came into another state. */
export interface Transition {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly state: AlarmState;
}

export interface WatchOptions extends Pick<Evaluation, "further"> {
  /** Milliseconds since 1970, when the alarm is made. */
  readonly from: number;
  readonly to: number;
}

/** What an alarm goes through as CloudWatch evaluates it, with datapoints that are there as soon as they have happened. */
export function watchAlarm(
  alarm: AlarmProperties,
  datapoints: readonly Datapoint[],
  { from, to, ...options }: WatchOptions,
): Transition[] {
  checkAlarm(alarm);
  const metric = datapoints.filter((datapoint) => isOf(alarm, datapoint)).toSorted((a, b) => a.time - b.time);
  const { further = 2 } = options;
  const longest = (alarm.EvaluationPeriods + further) * alarm.Period * 1000 + evaluationInterval(alarm);
  const transitions: Transition[] = [];
  let before: AlarmState = "INSUFFICIENT_DATA";
  let [first, last] = [0, 0];
  let wasEmpty = false;
  for (let now = from; now < to; now += evaluationInterval(alarm)) {
    while (last < metric.length && metric[last]!.time < now) last++;
    while (first < last && metric[first]!.time < now - longest) first++;
    const isEmpty = first === last;
    // Nothing comes of nothing, however often it is looked at.
    if (isEmpty && wasEmpty) continue;
    wasEmpty = isEmpty;
    const state = evaluateMetric(alarm, metric.slice(first, last), { now, before, further });
    if (state !== before) transitions.push({ time: now, state });
    before = state;
  }
  return transitions;
}

/** Milliseconds from one evaluation to the next. */
function evaluationInterval({ Period, EvaluationPeriods }: AlarmProperties): number {
  return Period * EvaluationPeriods > DAY_SECONDS ? HOUR : MINUTE;
}

type Slot = "breaching" | "good" | "missing";

/** Undefined where the state stays. @param slots the newest first */
function decide(
  slots: readonly Slot[],
  { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData = "missing" }: AlarmProperties,
): AlarmState | undefined {
  const real = slots.filter((slot) => slot !== "missing").slice(0, EvaluationPeriods);
  const filled = EvaluationPeriods - real.length;
  const breaching = real.filter((slot) => slot === "breaching").length;
  const judge = (count: number): AlarmState => (count >= DatapointsToAlarm ? "ALARM" : "OK");
  if (filled === 0 || TreatMissingData === "notBreaching") return judge(breaching);
  if (TreatMissingData === "breaching") return judge(breaching + filled);
  if (breaching >= DatapointsToAlarm) return "ALARM";
  const isUndecided = real.length === 0 || isPremature(slots, real, DatapointsToAlarm);
  if (!isUndecided) return "OK";
  if (TreatMissingData === "ignore") return undefined;
  return real.length === 0 ? "INSUFFICIENT_DATA" : "ALARM";
}

/** What breaches is old enough, and nothing good came after or before it (ibid., "Avoiding premature transitions"). */
function isPremature(slots: readonly Slot[], real: readonly Slot[], datapointsToAlarm: number): boolean {
  return !real.includes("good") && slots.lastIndexOf("breaching") + 1 >= datapointsToAlarm;
}

function isOf({ Namespace, MetricName, Dimensions = [], Unit }: AlarmProperties, of: Datapoint): boolean {
  return (
    Namespace === of.namespace &&
    MetricName === of.name &&
    (Unit ?? of.unit) === of.unit &&
    Dimensions.length === Object.keys(of.dimensions).length &&
    Dimensions.every(({ Name, Value }) => of.dimensions[Name] === Value)
  );
}

const KNOWN =
  /^(Namespace|MetricName|Dimensions|Statistic|Unit|Period|EvaluationPeriods|DatapointsToAlarm|Threshold|ComparisonOperator|TreatMissingData|AlarmName|AlarmDescription|AlarmActions|OKActions|InsufficientDataActions|Tags)$/;

const WEEK_SECONDS = 7 * DAY_SECONDS;
const HOUR_SECONDS = 3600;

/** PutMetricAlarm's own checks. */
function checkAlarm(alarm: AlarmProperties): void {
  const odd = Object.keys(alarm).find((name) => !KNOWN.test(name));
  if (odd !== undefined) throw new Error(`the double knows no ${odd} of an alarm`);
  const { Period, EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = alarm;
  const { Statistic, ComparisonOperator, TreatMissingData = "missing" } = alarm;
  const longest = Period < HOUR_SECONDS ? DAY_SECONDS : WEEK_SECONDS;
  const isRight =
    Object.hasOwn(STATISTICS, Statistic) &&
    Object.hasOwn(COMPARISONS, ComparisonOperator) &&
    ["missing", "ignore", "breaching", "notBreaching"].includes(TreatMissingData) &&
    Period > 0 &&
    Period % 60 === 0 &&
    EvaluationPeriods >= 1 &&
    DatapointsToAlarm >= 1 &&
    DatapointsToAlarm <= EvaluationPeriods &&
    Period * EvaluationPeriods <= longest;
  if (!isRight) throw new Error(`CloudWatch would not take the alarm ${JSON.stringify(alarm)}`);
}
