import { AthenaClient, GetWorkGroupCommand } from "@aws-sdk/client-athena";
import type { WorkGroupConfiguration } from "@aws-sdk/client-athena";
import { makeClientConfig, withSignal } from "../../aws/clients.ts";
import { printArn } from "../../core/arn.ts";
import { printBytes } from "../../core/byte-size.ts";
import type { Check } from "../../core/check.ts";
import { attemptCheck } from "./attempt-check.ts";
import type { AccessTrial } from "./access-trial.ts";
import { ATTEMPTS } from "./access-trial.ts";

const DEFAULT_WORKGROUP = "primary";

/** The workgroup as Athena has it; its settings are undefined where it could not be read. */
export interface CheckedWorkgroup {
  readonly check: Check;
  readonly settings: WorkGroupConfiguration | undefined;
}

/** Whether the workgroup is there and takes queries. */
export async function checkWorkgroup({ options, place, signal }: AccessTrial): Promise<CheckedWorkgroup> {
  const name = options.workgroup ?? DEFAULT_WORKGROUP;
  const client = new AthenaClient({ ...makeClientConfig(options.aws), maxAttempts: ATTEMPTS });
  const call = { action: "athena:GetWorkGroup", resource: printArn(place, "athena", `workgroup/${name}`) };
  let settings: WorkGroupConfiguration | undefined;
  try {
    const check = await attemptCheck(
      { name: "workgroup", ...call, remedyOf: remedyOfWorkgroup },
      async () => {
        const { WorkGroup } = await client.send(
          new GetWorkGroupCommand({ WorkGroup: name }),
          withSignal(signal),
        );
        settings = WorkGroup?.Configuration ?? {};
        const found = `${name}, ${describe(settings)}`;
        return WorkGroup?.State === "DISABLED"
          ? { ok: false, found: `${found}, but disabled`, remedy: "enable it, or name another workgroup" }
          : found;
      },
    );
    return { check, settings };
  } finally {
    client.destroy();
  }
}

function remedyOfWorkgroup({ name }: Error): string | undefined {
  return name === "InvalidRequestException"
    ? "make the workgroup in this Region, or name another: workgroup in the configuration file"
    : undefined;
}

function describe(settings: WorkGroupConfiguration): string {
  const { EngineVersion, BytesScannedCutoffPerQuery, EnforceWorkGroupConfiguration } = settings;
  const version = EngineVersion?.EffectiveEngineVersion ?? EngineVersion?.SelectedEngineVersion;
  return [
    version ?? "engine version not said",
    BytesScannedCutoffPerQuery === undefined
      ? "no limit to what a query scans"
      : `a query may scan ${printBytes(BytesScannedCutoffPerQuery)}`,
    ...(EnforceWorkGroupConfiguration === true ? ["its settings go over ours"] : []),
  ].join(", ");
}
