import type { AwsPlace } from "../../core/arn.ts";
import type { AthenaOptions } from "./athena-options.ts";

/** What the checks have to know. */
export interface AccessOptions extends AthenaOptions {
  readonly tablePrefix: string;
}

/** One round of checks. */
export interface AccessTrial {
  readonly options: AccessOptions;
  readonly place: AwsPlace;
  readonly signal: AbortSignal | undefined;
}

/** Who is asking for what is wrong does not wait for minutes. */
export const ATTEMPTS = 3;
