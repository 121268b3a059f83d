/** A value of a metric as CloudWatch keeps it. */
export interface Datapoint {
  readonly namespace: string;
  readonly name: string;
  /** All of them: other ones make another metric. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** What CloudWatch takes (CloudWatch's guide, "Specification: Embedded metric format", with its schema; PutMetricData). */
const MOST_METRICS = 100;
const MOST_DIMENSIONS = 30;
const MOST_VALUES = 100;
const MOST_CHARACTERS = 255;
const MOST_BYTES = 1024 * 1024;
const UNIT =
  /^(Seconds|Microseconds|Milliseconds|((Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Kilobits|Megabits|Gigabits|Terabits|Count)(\/Second)?)|Percent|None)$/;

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
}

/**
 * The metrics in a line of a log; none in a line that does not claim to have any.
 * @throws Error where a line that does is not as CloudWatch wants it: it would drop the metrics, and say so nowhere
 */
export function readMetrics(line: string): Datapoint[] {
  if (!line.includes('"_aws"')) return [];
  const root = parse(line);
  const { Timestamp: time, CloudWatchMetrics: directives } = toObject(root["_aws"], "_aws");
  check(Number.isSafeInteger(time), "Timestamp", time);
  check(Array.isArray(directives) && directives.length > 0, "CloudWatchMetrics", directives);
  return (directives as unknown[]).map(readDirective).flatMap((directive) =>
    directive.Metrics.flatMap(({ Name: name, Unit: unit = "None" }) =>
      directive.Dimensions.flatMap((set) => {
        const rest = { namespace: directive.Namespace, name, unit, time: time as number };
        const dimensions = readDimensions(root, set);
        return readValues(root[name], name).map((value) => ({ ...rest, dimensions, value }));
      }),
    ),
  );
}

type Members = Readonly<Record<string, unknown>>;

function parse(line: string): Members {
  check(Buffer.byteLength(line) <= MOST_BYTES, "its size", Buffer.byteLength(line));
  let root: unknown;
  try {
    root = JSON.parse(line);
  } catch (error) {
    throw new Error(`metrics in a line that is no JSON: ${line}`, { cause: error });
  }
  return toObject(root, "the line");
}

function readDirective(directive: unknown): Directive {
  const { Namespace, Dimensions, Metrics } = toObject(directive, "CloudWatchMetrics");
  checkName(Namespace, "Namespace");
  check(!Namespace.startsWith("AWS/"), "Namespace", Namespace);
  check(Array.isArray(Dimensions) && Dimensions.length > 0, "Dimensions", Dimensions);
  check(Array.isArray(Metrics) && Metrics.length > 0 && Metrics.length <= MOST_METRICS, "Metrics", Metrics);
  return {
    Namespace,
    Dimensions: (Dimensions as unknown[]).map((set) => {
      check(Array.isArray(set) && set.length <= MOST_DIMENSIONS, "Dimensions", set);
      check(new Set(set).size === set.length, "Dimensions", set);
      return set as string[];
    }),
    Metrics: (Metrics as unknown[]).map((metric) => {
      const { Name, Unit = "None" } = toObject(metric, "Metrics");
      checkName(Name, "Name");
      check(typeof Unit === "string" && UNIT.test(Unit), `the unit of ${Name}`, Unit);
      return { Name, Unit };
    }),
  };
}

function readDimensions(root: Members, keys: readonly string[]): Record<string, string> {
  const entries = keys.map((key) => {
    checkName(key, "a dimension's name");
    const value = root[key];
    checkName(value, `the dimension ${key}`);
    return [key, value] as const;
  });
  return Object.fromEntries(entries);
}

function readValues(target: unknown, name: string): number[] {
  const values: unknown[] = Array.isArray(target) ? target : [target];
  const isRight = values.length > 0 && values.length <= MOST_VALUES && values.every(Number.isFinite);
  check(isRight, `the value of ${name}`, target);
  return values as number[];
}

function checkName(name: unknown, what: string): asserts name is string {
  const isName =
    typeof name === "string" && name.trim() !== "" && name.length <= MOST_CHARACTERS && /^[ -~]*$/.test(name);
  check(isName, what, name);
}

function toObject(value: unknown, what: string): Members {
  check(typeof value === "object" && value !== null && !Array.isArray(value), what, value);
  return value as Members;
}

function check(isRight: boolean, what: string, found: unknown): asserts isRight {
  if (!isRight) throw new Error(`metrics that CloudWatch would drop: ${what} is ${JSON.stringify(found)}`);
}
