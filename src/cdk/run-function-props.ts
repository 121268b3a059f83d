import type { Duration } from "aws-cdk-lib";
import type { Code } from "aws-cdk-lib/aws-lambda";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";

/** The function that runs. */
export interface RunFunctionProps {
  /**
   * MB; Lambda gives processors in proportion.
   * @default 1769 - one whole processor; 2048 with a lake
   */
  readonly memorySize?: number | undefined;

  /**
   * How long a call may take, 15 minutes at most; what is left then is done in the next call, which the function makes itself.
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration | undefined;

  /**
   * How long the function's own logs are kept.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays | undefined;

  /**
   * Where the function's code is, where it is not to be uploaded from this package.
   * @default - the bundle in this package
   */
  readonly code?: Code | undefined;
}
