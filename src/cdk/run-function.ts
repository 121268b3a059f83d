import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { dropUndefined } from "../config/configuration.ts";
import { UserError } from "../core/user-error.ts";
import { readVersion } from "../version.ts";
import type { RunFunctionProps } from "./run-function-props.ts";

/** The same from src and from dist. */
const BUNDLE = fileURLToPath(new URL("../../dist/lambda/", import.meta.url));

export interface FunctionNeeds {
  readonly environment: Readonly<Record<string, string>>;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly queue: Queue;
  readonly key: IKey | undefined;
}

/** The log group has no name of its own: a fixed one would be in the way of a second deployment, or of the next. */
export function makeLogGroup(
  scope: Construct,
  { logRetention = RetentionDays.THREE_MONTHS, key }: RunFunctionProps & { readonly key?: IKey | undefined },
): LogGroup {
  return new LogGroup(scope, "LogGroup", {
    retention: logRetention,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...dropUndefined({ encryptionKey: key }),
  });
}

/** Where calls end up that failed for good; SQS keeps them for 14 days, its most. */
export function makeDeadLetterQueue(scope: Construct, key: IKey | undefined): Queue {
  return new Queue(scope, "DeadLetters", {
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    encryption: key === undefined ? QueueEncryption.SQS_MANAGED : QueueEncryption.KMS,
    ...dropUndefined({ encryptionMasterKey: key }),
  });
}

/** @throws UserError where the bundle has not been built */
export function makeFunction(
  scope: Construct,
  {
    memorySize,
    timeout = Duration.minutes(15),
    code = findBundle(BUNDLE),
  }: RunFunctionProps & { readonly memorySize: number },
  { environment, role, logGroup, queue, key }: FunctionNeeds,
): LambdaFunction {
  return new LambdaFunction(scope, "Function", {
    description: `Keeps the tables over CloudTrail's logs up to date (cloudtrail-partitioner ${readVersion()})`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: "index.handler",
    code,
    environment: { ...environment, NODE_OPTIONS: "--enable-source-maps" },
    memorySize,
    timeout,
    // Its policies are complete: none is added that the function would then wait for.
    role: role.withoutPolicyUpdates(),
    logGroup,
    retryAttempts: 2,
    deadLetterQueue: queue,
    ...dropUndefined({ environmentEncryption: key }),
  });
}

/**
 * @param folder with its final slash
 * @throws UserError where there is nothing built
 */
export function findBundle(folder: string): Code {
  if (existsSync(`${folder}index.mjs`)) return Code.fromAsset(folder);
  throw new UserError(`the function's code is not in ${folder}: it has not been built`, {
    hint: "run npm run build in the folder of cloudtrail-partitioner",
  });
}
