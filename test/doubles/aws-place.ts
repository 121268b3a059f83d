/** Where the double pretends to be, and whose it is. */
export interface AwsPlace {
  /** "aws", "aws-cn", "aws-us-gov" */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function arn({ partition, region, account }: AwsPlace, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}
