import { describe, expect, test } from "vitest";
import { deploy } from "./deploy.ts";
import type { AlarmName } from "./night-watch.ts";
import { NightWatch } from "./night-watch.ts";
import { useFunction } from "./start-function.ts";
import type { Trail } from "./trail.ts";
import { BUCKET, DATABASE, startTrail } from "./trail.ts";

const lambda = useFunction();
const ACCOUNT = "111122223333";
const DAY = 86_400_000;
const deployment = deploy(
  { logBucket: BUCKET, database: DATABASE },
  { partition: "aws", region: "us-east-1", account: "123456789012", now: () => 0 },
);

/** The schedule's default, on a day of November. */
function night(day: number, minutes = 0): number {
  return Date.UTC(2026, 10, day, 3, 15 + minutes);
}

/** How much further back CloudWatch looks is not published: whether an alarm reaches a human must not hang on it. */
const FURTHER = [0, 2, 5];

interface Nights {
  readonly trail: Trail;
  readonly watch: NightWatch;
  /** Delivers the logs of the day before. */
  deliver(day: number): void;
  /** Nights on which all is well. */
  pass(...days: readonly number[]): Promise<void>;
}

async function startNights(): Promise<Nights> {
  const trail = await startTrail(lambda);
  const watch = new NightWatch(trail, deployment);
  const deliver = (day: number): void => {
    trail.put({ account: ACCOUNT, day: new Date(night(day) - DAY).toISOString().slice(0, 10) });
  };
  return {
    trail,
    watch,
    deliver,
    pass: async (...days) => {
      for (const day of days) {
        deliver(day);
        const outcomes = await watch.call(night(day));
        expect(outcomes.map(({ error }) => error)).toEqual([undefined]);
      }
    },
  };
}

/** After the first night all is well, as far as CloudWatch was told: of a queue that nothing happened to it was not. */
const SETTLED = "2026-11-10 04:15";

function isLater(transition: string): boolean {
  return transition.slice(-SETTLED.length) > SETTLED;
}

/** What alarms go through after the first night, but for those that go through nothing. */
function statesOf(watch: NightWatch, to: number, further: number): Readonly<Record<string, string[]>> {
  const names = Object.keys(watch.alarms) as AlarmName[];
  const states = names.map((name) => {
    const all = watch.watch(name, { from: night(10), to, further });
    const before = all.filter((transition) => !isLater(transition)).at(-1);
    if (name === "deadLetters") expect(before).toBeUndefined();
    else expect(before, name).toMatch(/^OK /);
    return [name, all.filter(isLater)] as const;
  });
  return Object.fromEntries(states.filter(([, later]) => later.length > 0));
}

describe("alarms", () => {
  test("are quiet over a healthy week", async () => {
    const { watch, pass } = await startNights();
    await pass(10, 11, 12, 13, 14, 15, 16);
    for (const further of FURTHER) expect(statesOf(watch, night(17, -60), further)).toEqual({});
  });

  test("are quiet where a call goes on in another", async () => {
    const { trail, watch, pass, deliver } = await startNights();
    await pass(10, 11);
    deliver(12);
    trail.put({ account: "444455556666", day: "2026-11-11" });
    const [first] = await watch.call(night(12), { time: { total: 900_000, questions: 2 } });
    expect(first?.result?.continuesWith).toEqual({ continuation: 1 });
    await watch.call(night(12, 14), { event: first?.result?.continuesWith });
    for (const further of FURTHER) expect(statesOf(watch, night(13, -60), further)).toEqual({});
  });

  test("say from the deployment on that nothing ran, until the first run", async () => {
    const { watch, pass } = await startNights();
    await pass(10);
    const window = { from: night(10, -120), to: night(10, 120) };
    for (const further of FURTHER) {
      const states = watch.watch("notRun", { ...window, further });
      expect(states).toEqual(["ALARM 2026-11-10 01:15", "OK 2026-11-10 04:15"]);
    }
  });
});

describe("the alarm that nothing ran", () => {
  test("fires after a night without a run, and not before, and ends with the next run", async () => {
    const { watch, pass, deliver } = await startNights();
    await pass(10, 11, 12);
    deliver(13);
    await pass(14, 15);
    for (const further of FURTHER) {
      const fires = new Date(night(12, (26 + further + 1) * 60)).toISOString().slice(0, 16).replace("T", " ");
      const expected = { notRun: [`ALARM ${fires}`, "OK 2026-11-14 04:15"] };
      expect(statesOf(watch, night(16, -60), further)).toEqual(expected);
    }
  });

  test("does not fire for a run that starts late by less than two hours", async () => {
    const { watch, pass, deliver } = await startNights();
    await pass(10, 11, 12);
    deliver(13);
    await watch.call(night(13, 115));
    await pass(14);
    for (const further of FURTHER) expect(statesOf(watch, night(15, -60), further)).toEqual({});
  });
});

describe("the alarm that nothing is delivered", () => {
  test("fires when the newest day grows old, and stands until a run finds a newer one", async () => {
    const { watch, pass } = await startNights();
    await pass(10, 11, 12);
    for (const day of [13, 14, 15]) await watch.call(night(day));
    await pass(16);
    for (const further of FURTHER) {
      const expected = { nothingDelivered: ["ALARM 2026-11-13 03:16", "OK 2026-11-16 03:16"] };
      expect(statesOf(watch, night(17, -60), further)).toEqual(expected);
    }
  });

  test("minds neither runs over some accounts, nor those that fail", async () => {
    const { trail, watch, pass } = await startNights();
    await pass(10, 11, 12);
    await watch.call(night(13));
    const [part] = await watch.call(night(13, 300), { event: { accounts: [ACCOUNT] } });
    expect(part?.metrics.map(({ name }) => name)).not.toContain("CoverageAgeHours");
    trail.aws.deny("s3:ListBucket");
    await watch.call(night(14));
    for (const further of FURTHER) {
      const { nothingDelivered } = statesOf(watch, night(15, -60), further);
      expect(nothingDelivered).toEqual(["ALARM 2026-11-13 03:16"]);
    }
  });
});

describe("alarms on a night that fails", () => {
  test("tell of the error, of the call that was given up until it is purged, and of partitions until they are made", async () => {
    const { trail, watch, pass, deliver } = await startNights();
    await pass(10, 11, 12);
    deliver(13);
    trail.aws.deny("glue:BatchCreatePartition");
    const outcomes = await watch.call(night(13));
    expect(outcomes.map(({ error }) => error?.name)).toEqual(["UserError", "UserError", "UserError"]);
    trail.aws.allowAll();
    watch.purgeQueue(night(13, 360));
    await pass(14);
    for (const further of FURTHER) {
      expect(statesOf(watch, night(15, -60), further)).toEqual({
        errors: ["ALARM 2026-11-13 03:16", expect.stringMatching(/^OK 2026-11-13 03:3/)],
        deadLetters: ["ALARM 2026-11-13 03:21", expect.stringMatching(/^OK 2026-11-13 09:[12]/)],
        partitionsFailed: ["ALARM 2026-11-13 03:16", "OK 2026-11-14 03:16"],
      });
    }
  });

  test("and passes at the second try give up no call, and all end with the next night", async () => {
    const { trail, watch, pass, deliver } = await startNights();
    await pass(10, 11, 12);
    deliver(13);
    let writes = 0;
    trail.aws.faults.onCall(({ name }) => {
      if (name !== "Glue BatchCreatePartition" || writes++ > 0) return undefined;
      return { kind: "error", status: 400, code: "AccessDeniedException", message: "no" };
    });
    expect(await watch.call(night(13))).toHaveLength(2);
    await pass(14);
    for (const further of FURTHER) {
      // One mail that it began and one that it is over, though both attempts are in CloudWatch's window for a while.
      expect(statesOf(watch, night(15, -60), further)).toEqual({
        errors: ["ALARM 2026-11-13 03:16", expect.stringMatching(/^OK 2026-11-13 03:3/)],
        partitionsFailed: ["ALARM 2026-11-13 03:16", expect.stringMatching(/^OK 2026-11-13 03:3/)],
      });
    }
  });

  test("tell that Lambda had no room", async () => {
    const { watch, pass } = await startNights();
    await pass(10, 11);
    watch.throttle(night(11, 60));
    for (const further of FURTHER) {
      expect(statesOf(watch, night(12, -60), further)).toEqual({
        throttles: ["ALARM 2026-11-11 04:16", expect.stringMatching(/^OK 2026-11-11 04:3/)],
      });
    }
  });
});
