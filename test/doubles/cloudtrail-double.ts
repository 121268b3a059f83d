import type {
  DescribeTrailsCommandInput,
  GetTrailStatusCommandInput,
  Trail,
} from "@aws-sdk/client-cloudtrail";
import type { JsonService } from "./aws-json.ts";
import { AwsError } from "./aws-json.ts";

/** CloudTrail, of which it knows how trails are read. */
export interface CloudTrailDouble extends JsonService {
  /** What DescribeTrails answers; tests fill it. */
  trails: Trail[];
  /** What GetTrailStatus answers of each, by ARN; logging where a trail is not in it. */
  readonly statuses: Map<string, object>;
}

export function makeCloudTrailDouble(): CloudTrailDouble {
  const double: CloudTrailDouble = {
    name: "CloudTrail",
    target: "CloudTrail_20131101",
    trails: [],
    statuses: new Map(),
    operations: {
      DescribeTrails: ({ trailNameList = [] }: DescribeTrailsCommandInput) => ({
        trailList: double.trails.filter(
          ({ Name = "", TrailARN = "" }) =>
            trailNameList.length === 0 || trailNameList.includes(Name) || trailNameList.includes(TrailARN),
        ),
      }),
      ListTrails: () => ({
        Trails: double.trails.map(({ Name, TrailARN, HomeRegion }) => ({ Name, TrailARN, HomeRegion })),
      }),
      GetTrail: ({ Name }: GetTrailStatusCommandInput) => ({ Trail: findTrail(double, Name) }),
      GetTrailStatus: ({ Name }: GetTrailStatusCommandInput) =>
        double.statuses.get(findTrail(double, Name).TrailARN ?? "") ?? { IsLogging: true },
    },
  };
  return double;
}

function findTrail({ trails }: CloudTrailDouble, name: string | undefined): Trail {
  const found = trails.find(({ Name, TrailARN }) => name === Name || name === TrailARN);
  if (found !== undefined) return found;
  throw new AwsError("TrailNotFoundException", `Unknown trail: ${name}`);
}
