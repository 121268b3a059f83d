// Runs the bundle as Lambda's runtime does: one event at a time, each with a context. Talks to its parent over IPC.
import process from "node:process";

const [, , bundle] = process.argv;

const lines = [];
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk) => {
    lines.push(String(chunk));
    return true;
  };
}

const RealDate = Date;
let ahead = 0;

/** Goes on from the time that a call is said to happen at. */
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + ahead] : parts));
  }

  static now() {
    return RealDate.now() + ahead;
  }
};

process.on("message", (call) => {
  void answer(call).then((outcome) => process.send({ ...outcome, text: lines.splice(0).join("") }));
});

let ours = [];

async function answer({ event, now, environment, context, time: { total, questions, answers } }) {
  for (const name of ours) delete process.env[name];
  ours = Object.keys(environment);
  Object.assign(process.env, environment);
  ahead = now - RealDate.now();
  const end = performance.now() + total;
  let asked = 0;
  const remainingTime = () => {
    if (answers !== undefined) return answers[Math.min(asked++, answers.length - 1)];
    if (questions === undefined) return Math.max(0, end - performance.now());
    return asked++ <= questions ? total : 0;
  };
  try {
    const { handler } = await import(bundle);
    const result = await handler(event, { ...context, getRemainingTimeInMillis: remainingTime });
    return { result, remaining: end - performance.now() };
  } catch (thrown) {
    const { name, message, stack } = thrown;
    return { error: { name, message, stack }, remaining: end - performance.now() };
  }
}
