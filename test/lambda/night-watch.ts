import type { AlarmProperties, Transition } from "../doubles/cloudwatch-alarm.ts";
import { watchAlarm } from "../doubles/cloudwatch-alarm.ts";
import type { Datapoint } from "../doubles/cloudwatch-emf.ts";
import type { Deployment } from "./deploy.ts";
import { QUEUE_NAME } from "./deploy.ts";
import type { Outcome } from "./start-function.ts";
import { FUNCTION_NAME } from "./start-function.ts";
import type { Trail, TrailCall } from "./trail.ts";

const MINUTE = 60_000;
/** When Lambda calls a function again that failed, in minutes after the failure (Lambda's guide, "Asynchronous invocation"). */
const RETRIES = [1, 2];

export type AlarmName = keyof Deployment["alarms"];

/** A deployment over some nights: the schedule, Lambda's retries and dead letters, and what CloudWatch is told of them. */
export class NightWatch {
  readonly datapoints: Datapoint[] = [];
  readonly #trail: Trail;
  readonly #deployment: Deployment;
  /** When dead letters came, and when they were purged. */
  readonly #letters: { readonly time: number; readonly count: number }[] = [];

  constructor(trail: Trail, deployment: Deployment) {
    this.#trail = trail;
    this.#deployment = deployment;
    trail.environment = deployment.environment;
  }

  /** Calls the function at a time as Lambda does for a schedule: again where it fails, and to the queue in the end. */
  async call(time: number, call: TrailCall = {}): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    this.#trail.now = time;
    for (const wait of [...RETRIES, undefined]) {
      const outcome = await this.#callOnce(call);
      outcomes.push(outcome);
      if (outcome.error === undefined) return outcomes;
      if (wait !== undefined) this.#trail.now += wait * MINUTE;
    }
    this.#letters.push({ time: this.#trail.now, count: 1 });
    return outcomes;
  }

  /** Lambda has no room for a call, which is no invocation. */
  throttle(time: number): void {
    this.#publish(time, "AWS/Lambda", { Throttles: 1 });
  }

  purgeQueue(time: number): void {
    this.#letters.push({ time, count: 0 });
  }

  /**
   * What an alarm goes through in this time.
   * @param options.further see Evaluation
   */
  watch(
    name: AlarmName,
    options: { readonly from: number; readonly to: number; readonly further: number },
  ): string[] {
    const datapoints = [...this.datapoints, ...this.#listQueueLengths(options)];
    return watchAlarm(this.#deployment.alarms[name], datapoints, options).map(printTransition);
  }

  get alarms(): Readonly<Record<AlarmName, AlarmProperties>> {
    return this.#deployment.alarms;
  }

  async #callOnce(call: TrailCall): Promise<Outcome> {
    const time = this.#trail.now;
    const outcome = await this.#trail.call(call);
    const isError = outcome.error !== undefined;
    this.#publish(time, "AWS/Lambda", { Invocations: 1, Errors: isError ? 1 : 0, Throttles: 0 });
    this.datapoints.push(...outcome.metrics);
    return outcome;
  }

  /** Lambda's metrics are there for the function, for its versions, and for all functions. */
  #publish(time: number, namespace: string, values: Readonly<Record<string, number>>): void {
    const all = [
      {},
      { FunctionName: FUNCTION_NAME },
      { FunctionName: FUNCTION_NAME, Resource: FUNCTION_NAME },
    ];
    for (const [name, value] of Object.entries(values)) {
      for (const dimensions of all)
        this.datapoints.push({ namespace, name, dimensions, unit: "Count", value, time });
    }
  }

  /** SQS tells how long a queue is every five minutes while something is in it, and for hours after. */
  *#listQueueLengths({ from, to }: { readonly from: number; readonly to: number }): Generator<Datapoint> {
    const rest = { namespace: "AWS/SQS", name: "ApproximateNumberOfMessagesVisible", unit: "Count" };
    for (let time = from; time < to; time += 5 * MINUTE) {
      const last = this.#letters.findLast((letter) => letter.time <= time);
      if (last === undefined || (last.count === 0 && time - last.time > 6 * 60 * MINUTE)) continue;
      yield { ...rest, dimensions: { QueueName: QUEUE_NAME }, value: last.count, time };
    }
  }
}

/** "ALARM 2026-11-22 03:16" */
function printTransition({ time, state }: Transition): string {
  return `${state} ${new Date(time).toISOString().slice(0, 16).replace("T", " ")}`;
}
