import type { WorkGroupConfiguration } from "@aws-sdk/client-athena";
import { GetWorkGroupCommand } from "@aws-sdk/client-athena";
import { withSignal } from "../../../aws/clients.ts";
import { explainAwsError } from "../../../aws/explain-error.ts";
import { AccessDenied, UserError } from "../../../core/user-error.ts";
import type { AthenaOptions } from "../athena-options.ts";
import type { QueryClients } from "./clients.ts";

export const DEFAULT_WORKGROUP = "primary";

export interface QueryContext {
  readonly clients: QueryClients;
  readonly options: AthenaOptions;
}

/**
 * How the workgroup is set up; undefined where the caller may not see it.
 * @throws UserError where there is none of that name
 */
export async function readWorkgroup(
  { clients, options }: QueryContext,
  signal: AbortSignal | undefined,
): Promise<WorkGroupConfiguration | undefined> {
  const { workgroup = DEFAULT_WORKGROUP } = options;
  try {
    const command = new GetWorkGroupCommand({ WorkGroup: workgroup });
    const { WorkGroup } = await clients.athena.send(command, withSignal(signal));
    return WorkGroup?.Configuration ?? {};
  } catch (error) {
    signal?.throwIfAborted();
    const explained = explainAwsError(error, {
      action: "athena:GetWorkGroup",
      resource: `workgroup ${workgroup}`,
    });
    if (explained instanceof AccessDenied) return undefined;
    if (!(explained instanceof Error && explained.name === "InvalidRequestException")) throw explained;
    throw new UserError(`Athena does not know the workgroup ${workgroup}: ${explained.message}`, {
      hint: "name another with --workgroup; aws athena list-work-groups lists them, Region by Region",
      cause: error,
    });
  }
}
