import { AwsError } from "./aws-json.ts";

/** What a workgroup decides. */
export interface WorkGroupSettings {
  readonly outputLocation?: string | undefined;
  /** Whether the client's own output location is ignored. */
  readonly enforce?: boolean | undefined;
  readonly bytesScannedCutoff?: number | undefined;
  /** @default "ENABLED" */
  readonly state?: "ENABLED" | "DISABLED" | undefined;
}

export type WorkGroups = Map<string, WorkGroupSettings>;

/** @throws AwsError where there is none of this name */
export function findWorkGroup(groups: WorkGroups, name: string): WorkGroupSettings {
  const found = groups.get(name);
  if (found !== undefined) return found;
  throw new AwsError("InvalidRequestException", `WorkGroup ${name} is not found.`);
}

/** As GetWorkGroup answers. */
export function printWorkGroup(name: string, settings: WorkGroupSettings): object {
  const { outputLocation, enforce = false, bytesScannedCutoff, state = "ENABLED" } = settings;
  return {
    Name: name,
    State: state,
    CreationTime: 0,
    Configuration: {
      ResultConfiguration: outputLocation === undefined ? {} : { OutputLocation: outputLocation },
      EnforceWorkGroupConfiguration: enforce,
      PublishCloudWatchMetricsEnabled: true,
      RequesterPaysEnabled: false,
      ...(bytesScannedCutoff === undefined ? {} : { BytesScannedCutoffPerQuery: bytesScannedCutoff }),
      EngineVersion: ENGINE,
    },
  };
}

/** The folder that results go to, with its final slash. @throws AwsError where there is none */
export function chooseOutput(
  { outputLocation, enforce = false }: WorkGroupSettings,
  wanted: string | undefined,
): string {
  const chosen = enforce && outputLocation !== undefined ? outputLocation : (wanted ?? outputLocation);
  if (chosen === undefined) {
    throw new AwsError(
      "InvalidRequestException",
      "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
    );
  }
  if (/^s3:\/\/[^/]+/.test(chosen)) return chosen.replace(/\/*$/, "/");
  throw new AwsError("InvalidRequestException", `outputLocation is not a valid S3 path.`);
}

export const ENGINE = {
  SelectedEngineVersion: "AUTO",
  EffectiveEngineVersion: "Athena engine version 3",
};
