import type { CallerPlace } from "../../aws/caller.ts";
import { readCallerPlace } from "../../aws/caller.ts";
import type { Configuration } from "../../config/configuration.ts";
import { readConfiguration } from "../../config/configuration-file.ts";
import { checkKeyArn, decidePolicyOptions, isUnsaid, UNKNOWN } from "../../config/policy-options.ts";
import type { Settings } from "../../config/settings.ts";
import { decideSettings } from "../../config/settings.ts";
import type { AwsPlace } from "../../core/arn.ts";
import { partitionOfRegion } from "../../core/arn.ts";
import type { PolicyCommand, PolicyOptions } from "../../core/iam-policy.ts";
import { planPolicy } from "../../core/iam-policy.ts";
import { UserError } from "../../core/user-error.ts";
import type { CommonFlags } from "../options.ts";
import { printSafeJson } from "../../core/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, writeData, writeNote, writeWarnings } from "../terminal.ts";

export interface IamPolicyFlags extends CommonFlags {
  readonly awsAccount?: string;
  readonly arnPartition?: string;
  readonly kmsKey?: string;
  readonly outputKmsKey?: string;
  readonly catalogKmsKey?: string;
  readonly lakeKmsKey?: string;
}

/** Prints the least policy of IAM that a command needs, with the configuration at hand. */
export async function iamPolicyCommand(
  command: PolicyCommand,
  flags: IamPolicyFlags,
  terminal: Terminal,
): Promise<number> {
  const configuration = await readConfiguration(flags.config, process.env);
  const settings = readAthenaSettings(flags, configuration);
  const catalogKey = flags.catalogKmsKey ?? checkKeyArn(configuration.catalog_key_arn, "catalog_key_arn");
  const caller = await readCaller(flags, settings, terminal.signal);
  const options = decidePolicyOptions(settings, {
    command,
    place: decidePlace(flags, caller),
    logKey: flags.kmsKey,
    outputKey: flags.outputKmsKey,
    lakeKey: flags.lakeKmsKey,
    catalogKey,
  });
  const policy = JSON.stringify(planPolicy(options), undefined, 2);
  await writeData(terminal, [printSafeJson(`${policy}\n`)]);
  if (command === "query" && isUnsaid(settings.output)) {
    writeNote(
      terminal,
      `answers are taken to go to ${options.output.bucket}: if the workgroup has another place, name it with output_s3_bucket`,
    );
  }
  writeWarnings(terminal, listUnknown(options, policy, caller));
  return EXIT.done;
}

/** Only Athena needs permissions; it is meant where nothing says otherwise. */
function readAthenaSettings(flags: IamPolicyFlags, configuration: Configuration): Settings {
  const engine = flags.engine ?? configuration.engine ?? "athena";
  const logs = flags.logs ?? configuration.logs;
  if (engine === "duckdb" || (logs !== undefined && !/^s3:\/\//i.test(logs))) {
    throw new UserError(`DuckDB over the folder ${logs ?? "of logs"} needs no permission of AWS`, {
      hint: "name the bucket of the logs for Athena's: --engine athena --logs s3://bucket/prefix",
    });
  }
  return decideSettings({ ...flags, engine }, configuration);
}

/** Asks STS for what the flags do not say. */
async function readCaller(
  { awsAccount }: IamPolicyFlags,
  { aws }: Settings,
  signal: AbortSignal,
): Promise<CallerPlace> {
  if (awsAccount !== undefined && aws.awsRegion !== undefined) {
    return { region: aws.awsRegion, account: awsAccount, partition: undefined, problem: undefined };
  }
  const caller = await readCallerPlace(aws, signal);
  return { ...caller, account: awsAccount ?? caller.account };
}

function decidePlace({ arnPartition }: IamPolicyFlags, caller: CallerPlace): AwsPlace {
  const { region = UNKNOWN.region, account = UNKNOWN.account } = caller;
  return { partition: arnPartition ?? caller.partition ?? partitionOfRegion(region), region, account };
}

/** Of what is not known, what the policy has: that of init names no resource. */
function listUnknown(
  { place, logs, lake }: PolicyOptions,
  policy: string,
  { problem }: CallerPlace,
): string[] {
  const why = problem === undefined ? "" : ` (${problem.message})`;
  return [
    ...(place.account === UNKNOWN.account && policy.includes(UNKNOWN.account)
      ? [`replace ${UNKNOWN.account} by the account, or use --aws-account${why}`]
      : []),
    ...(place.region === UNKNOWN.region && policy.includes(UNKNOWN.region)
      ? [`replace ${UNKNOWN.region} by the Region of the Glue database, or use --aws-region`]
      : []),
    ...(logs.bucket === UNKNOWN.bucket && policy.includes(UNKNOWN.bucket)
      ? [`replace ${UNKNOWN.bucket} by the log bucket, or use --logs s3://bucket/prefix`]
      : []),
    ...(lake?.bucket === UNKNOWN.lake
      ? [`replace ${UNKNOWN.lake} by the bucket of the lake, or use --lake s3://bucket/prefix`]
      : []),
  ];
}
