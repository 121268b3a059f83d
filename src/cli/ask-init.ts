import { select, text } from "@clack/prompts";
import type { InitAnswers } from "../actions/init-file.ts";
import type { Proposal } from "../actions/init.ts";
import { proposeNamed } from "../actions/init.ts";
import { printSafe } from "../core/safe-text.ts";
import type { Terminal } from "./terminal.ts";

/** The user does not want to go on. */
export class Cancelled extends Error {}

/**
 * Lets the user choose where the logs are.
 * @throws Cancelled
 */
export async function askPlace(proposals: readonly Proposal[], terminal: Terminal): Promise<Proposal> {
  const chosen = await answer(
    select({
      message: "Where are the logs?",
      options: [
        ...proposals.map((proposal, index) => ({
          value: index,
          label: printSafe(proposal.logs),
          hint: describeProposal(proposal),
        })),
        { value: -1, label: "somewhere else" },
      ],
      ...io(terminal),
    }),
  );
  const proposal = proposals[chosen];
  if (proposal !== undefined) return proposal;
  const place = { message: "Which folder or bucket?", placeholder: "./logs or s3://bucket/prefix" };
  return proposeNamed(await answer(text({ ...place, validate: refuseEmpty, ...io(terminal) })));
}

/** In one line, for people. */
export function describeProposal({ kind, trails }: Proposal): string {
  if (kind === "folder") return "a folder";
  if (trails.length === 0) return "a bucket";
  const described = trails.map(({ name, isOrganization, isMultiRegion, homeRegion }) =>
    [name, isOrganization ? "organization" : "account", isMultiRegion ? "all Regions" : homeRegion].join(
      ", ",
    ),
  );
  return printSafe(described.join("; "));
}

/**
 * Asks what can be decided otherwise than proposed.
 * @throws Cancelled
 */
export async function askDetails(proposed: InitAnswers, terminal: Terminal): Promise<InitAnswers> {
  const ask = (message: string, initialValue: string): Promise<string> =>
    answer(text({ message, initialValue, validate: refuseEmpty, ...io(terminal) }));
  if (proposed.engine === "duckdb")
    return { ...proposed, database: await ask("Database file", proposed.database) };
  const database = await ask("Glue database", proposed.database);
  const layout = await answer(
    select<InitAnswers["layout"]>({
      message: "Tables",
      initialValue: proposed.layout,
      options: [
        { value: "auto", label: "auto", hint: "a table for each account, up to 100 accounts" },
        { value: "tables", label: "tables", hint: "a table for each account" },
        { value: "unified", label: "unified", hint: "one table, and a view for each account" },
      ],
      ...io(terminal),
    }),
  );
  const workgroup = await ask("Athena workgroup", proposed.workgroup);
  const said = {
    message: "Where do answers go? (empty: where the workgroup says)",
    placeholder: "s3://bucket/prefix/",
  };
  const output = await answer(text({ ...said, initialValue: proposed.output ?? "", ...io(terminal) }));
  const where = { message: "Region of the Glue database (empty: as the environment has it)" };
  const region = await answer(text({ ...where, initialValue: proposed.awsRegion ?? "", ...io(terminal) }));
  return {
    ...proposed,
    database,
    layout,
    workgroup,
    output: output === "" ? undefined : output,
    awsRegion: region === "" ? undefined : region,
  };
}

/** Questions are no data: they go where notes go. */
function io({ stderr, signal }: Terminal): Pick<Parameters<typeof text>[0], "output" | "signal"> {
  return { output: stderr, signal };
}

function refuseEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? "something must stand here" : undefined;
}

/** Cancelling gives a symbol. */
async function answer<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const given = await question;
  if (typeof given === "symbol") throw new Cancelled();
  return given as Exclude<T, symbol>;
}
