import type { Duration } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { AlarmTopicProps } from "./alarm-topic.ts";
import type { LakeProps } from "./lake-props.ts";
import type { RunFunctionProps } from "./run-function-props.ts";
import type { RunScheduleProps } from "./run-schedule.ts";
import type { TableProps } from "./table-props.ts";
import type { WorkgroupProps } from "./workgroup.ts";

/** Only the log bucket must be named. */
export interface CloudTrailPartitionerProps
  extends TableProps, LakeProps, RunFunctionProps, RunScheduleProps, AlarmTopicProps {
  /**
   * How old the end of the newest day with logs may be before there is an alarm that nothing is delivered.
   * @default Duration.hours(24)
   */
  readonly maxCoverageAge?: Duration | undefined;

  /**
   * Makes a workgroup of Athena, with a bucket for its answers; `{}` for one as the defaults are.
   * @default - none
   */
  readonly workgroup?: WorkgroupProps | undefined;

  /**
   * Encrypts all that the construct makes: function environment, logs, queue, topic and answers. The policy of a key that is
   * only imported must let CloudWatch Logs encrypt, and CloudWatch publish to the topic, by itself.
   * @default - keys of AWS's services
   */
  readonly key?: IKey | undefined;

  /**
   * The key that the Glue catalog is encrypted with, or its ARN, where it is: the function may use it then.
   * @default - none
   */
  readonly catalogKey?: IKey | string | undefined;

  /**
   * Tags of all that the construct makes.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}
