import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { InitAnswers } from "../../actions/init-file.ts";
import { printInitFile } from "../../actions/init-file.ts";
import type { InitReport, Proposal } from "../../actions/init.ts";
import { findLogs, proposeNamed } from "../../actions/init.ts";
import { readBucketRegion } from "../../aws/bucket-region.ts";
import type { AwsSettings } from "../../aws/clients.ts";
import { readTrails } from "../../aws/trails.ts";
import { DEFAULT_CONFIG_FILE, readConfiguration } from "../../config/configuration-file.ts";
import { decideSettings } from "../../config/settings.ts";
import { UserError } from "../../core/user-error.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { parseS3Url } from "../../store/locate-logs.ts";
import { askDetails, askPlace, Cancelled, describeProposal } from "../ask-init.ts";
import { findLogFolders } from "../find-log-folders.ts";
import type { CommonFlags } from "../options.ts";
import { printSafe } from "../../core/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, writeData, writeNote, writeWarnings } from "../terminal.ts";

export interface InitFlags extends CommonFlags {
  readonly output?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Looks for logs, asks, and writes the configuration file. */
export async function initCommand(flags: InitFlags, terminal: Terminal): Promise<number> {
  const file = resolve(flags.config ?? DEFAULT_CONFIG_FILE);
  refuseToOverwrite(file, flags);
  const aws = { profile: flags.profile, awsRegion: flags.awsRegion, endpointUrl: flags.endpointUrl };
  const isAsking = flags.yes !== true && process.stdin.isTTY && terminal.stderr.isTTY === true;
  try {
    const proposal = await choosePlace(await listPlaces(flags, aws, terminal), { isAsking, terminal });
    const proposed = await proposeAnswers(proposal, flags, { file, aws, signal: terminal.signal });
    const text = printInitFile(checkAnswers(isAsking ? await askDetails(proposed, terminal) : proposed));
    if (flags.dryRun === true) await writeData(terminal, [text]);
    else await writeConfiguration(file, text);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    writeNote(terminal, "nothing was written");
    return EXIT.interrupted;
  }
  if (flags.dryRun !== true) {
    writeNote(terminal, `wrote ${printSafe(file)}`);
    writeNote(terminal, `next: cloudtrail-partitioner doctor, then cloudtrail-partitioner run`);
  }
  return EXIT.done;
}

function refuseToOverwrite(file: string, { force, dryRun }: InitFlags): void {
  if (force === true || dryRun === true || !existsSync(file)) return;
  throw new UserError(`${file} is there already`, {
    hint: "name another file with --config, look at what would be written with --dry-run, or overwrite it with --force",
  });
}

async function listPlaces(flags: InitFlags, aws: AwsSettings, { signal }: Terminal): Promise<InitReport> {
  if (flags.logs !== undefined) return { proposals: [acceptNamed(flags.logs, flags)], problem: undefined };
  const report = await findLogs({
    readTrails: () => (flags.engine === "duckdb" ? Promise.resolve([]) : readTrails(aws, { signal })),
    findFolders: () => findLogFolders(process.cwd()),
  });
  return { ...report, proposals: report.proposals.filter((proposal) => fitsEngine(proposal, flags)) };
}

/** Each engine reads what lies where it runs. */
function fitsEngine({ kind }: Proposal, { engine }: InitFlags): boolean {
  return engine === undefined || engine === (kind === "bucket" ? "athena" : "duckdb");
}

function acceptNamed(logs: string, flags: InitFlags): Proposal {
  if (logs === "") {
    throw new UserError("--logs is empty, perhaps a variable that is not set", {
      hint: "name the folder or bucket of the logs",
    });
  }
  const proposal = proposeNamed(logs);
  if (fitsEngine(proposal, flags)) return proposal;
  throw new UserError(`--engine ${flags.engine} does not read logs from the ${proposal.kind} ${logs}`, {
    hint: "DuckDB reads folders and Athena buckets: leave --engine out",
  });
}

/** The first place, or the one that the user chooses. */
async function choosePlace(
  { proposals, problem }: InitReport,
  { isAsking, terminal }: { readonly isAsking: boolean; readonly terminal: Terminal },
): Promise<Proposal> {
  if (problem !== undefined)
    writeWarnings(terminal, [`trails were not looked for: ${printSafe(problem.message)}`]);
  if (isAsking) return askPlace(proposals, terminal);
  const [first, ...others] = proposals;
  if (first === undefined) {
    throw new UserError("there is no trail and no folder of logs to be found here", {
      hint: "name the place of the logs: cloudtrail-partitioner init --logs ./logs, or --logs s3://bucket/prefix",
      cause: problem,
    });
  }
  writeNote(terminal, `logs: ${printProposal(first)}`);
  for (const other of others) writeNote(terminal, `also found: ${printProposal(other)}`);
  return first;
}

function printProposal(proposal: Proposal): string {
  return `${printSafe(proposal.logs)} (${describeProposal(proposal)})`;
}

interface Surroundings {
  readonly file: string;
  readonly aws: AwsSettings;
  readonly signal: AbortSignal;
}

async function proposeAnswers(
  { kind, logs, trails }: Proposal,
  flags: InitFlags,
  { file, aws, signal }: Surroundings,
): Promise<InitAnswers> {
  const engine = flags.engine ?? (kind === "bucket" ? "athena" : "duckdb");
  const common = { layout: "auto", workgroup: flags.workgroup ?? "primary", output: flags.output } as const;
  if (kind === "folder") {
    const { database = "cloudtrail.duckdb" } = flags;
    const folder = printFolder(logs, file);
    return { ...common, engine, logs: folder, trails, database, awsRegion: undefined, profile: undefined };
  }
  const region = aws.awsRegion ?? (await findRegion(logs, { aws, signal })) ?? trails[0]?.homeRegion;
  const { database = "default", profile } = flags;
  return { ...common, engine, logs, trails, database, awsRegion: region, profile };
}

/** Throws what every other command would throw, before there is a file. */
function checkAnswers(answers: InitAnswers): InitAnswers {
  const { logs, engine, database } = answers;
  decideSettings({ logs, engine, database }, {});
  return answers;
}

/** As it is to stand in the file: relative to it, where it was so given. */
function printFolder(folder: string, file: string): string {
  if (isAbsolute(folder)) return folder;
  const path = relative(dirname(file), resolve(folder));
  return path.startsWith("..") ? path : `./${path}`;
}

/** The Region of the bucket, where S3 can be asked. */
async function findRegion(
  logs: string,
  { aws, signal }: Pick<Surroundings, "aws" | "signal">,
): Promise<string | undefined> {
  const { bucket } = parseS3Url(logs);
  try {
    return await readBucketRegion(bucket, { aws, attempts: 1, signal });
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Reads the file back before it takes its place: what is there can be read. */
async function writeConfiguration(file: string, text: string): Promise<void> {
  await writeWhole(file, async (path) => {
    await writeFile(path, text);
    await readConfiguration(path, {});
  });
}
