/** The ARN partitions that AWS has for customers of each kind. */
export const PARTITIONS = ["aws", "aws-us-gov", "aws-cn", "aws-eusc"] as const;

export type Partition = (typeof PARTITIONS)[number];

export interface PartitionFacts {
  /** Busiest first. */
  readonly regions: readonly string[];
  /** Where services that have no Region of their own log. */
  readonly globalRegion: string;
  /** What the names of endpoints end with. */
  readonly dnsSuffix: string;
}

const COMMERCIAL_REGIONS =
  "us-east-1 eu-west-1 us-west-2 eu-central-1 ap-southeast-2 us-east-2 ap-northeast-1 eu-west-2 ap-south-1 ca-central-1 " +
  "sa-east-1 eu-north-1 ap-southeast-1 us-west-1 eu-west-3 ap-northeast-2 af-south-1 ap-east-1 ap-northeast-3 ap-south-2 " +
  "ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 " +
  "me-central-1 me-south-1 mx-central-1";

export const PARTITION_FACTS: Readonly<Record<Partition, PartitionFacts>> = {
  aws: {
    regions: COMMERCIAL_REGIONS.split(" "),
    globalRegion: "us-east-1",
    dnsSuffix: "amazonaws.com",
  },
  "aws-us-gov": {
    regions: ["us-gov-west-1", "us-gov-east-1"],
    globalRegion: "us-gov-west-1",
    dnsSuffix: "amazonaws.com",
  },
  "aws-cn": {
    regions: ["cn-north-1", "cn-northwest-1"],
    globalRegion: "cn-north-1",
    dnsSuffix: "amazonaws.com.cn",
  },
  "aws-eusc": { regions: ["eusc-de-east-1"], globalRegion: "eusc-de-east-1", dnsSuffix: "amazonaws.eu" },
};
