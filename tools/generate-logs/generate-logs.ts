import { makeBrokenFiles } from "./broken.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { makeIrregularFiles } from "./irregular.ts";
import { makeLargeFile } from "./large-file.ts";
import { lastPlace } from "./last-place.ts";
import { planRoots } from "./layouts.ts";
import { makeLogFiles } from "./log-files.ts";
import { makeNearMisses } from "./near-misses.ts";
import { makeNoise } from "./noise.ts";
import type { GenerateLogsOptions, Settings } from "./options.ts";
import { parseOptions } from "./options.ts";
import { Random } from "./prng.ts";
import { openSample } from "./sample.ts";
import { Stream } from "./stream.ts";
import { planWorld } from "./world.ts";

export type { GeneratedFile } from "./generated-file.ts";
export { defaults } from "./options.ts";
export type { GenerateLogsOptions, Layout } from "./options.ts";
export type { Partition } from "./regions.ts";
export { writeLogs } from "./write-logs.ts";
export type { KindSummary, WriteSummary } from "./write-logs.ts";

/**
 * Makes the objects of a bucket one by one, each when it is asked for; nothing is kept of a file that was handed out.
 * @throws UserError at once, when an option is wrong
 */
export function generateLogs(options: GenerateLogsOptions = {}): Generator<GeneratedFile> {
  return makeFiles(parseOptions(options));
}

function* makeFiles(settings: Settings): Generator<GeneratedFile> {
  const world = planWorld(settings);
  const roots = planRoots(settings, world);
  const place = lastPlace(settings, world, roots);
  yield* makeLogFiles(settings, world, roots);
  if (settings.largeFile) yield makeLargeFile(settings, world, place);
  if (settings.noise) yield* makeNoise(openSample(world, new Random(world.seed, Stream.Noise), place));
  if (!settings.broken) return;
  const sample = openSample(world, new Random(world.seed, Stream.Broken), place);
  yield* makeBrokenFiles(sample);
  yield* makeIrregularFiles(sample);
  yield* makeNearMisses(sample);
}
