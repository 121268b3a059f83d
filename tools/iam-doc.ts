import { readFile } from "node:fs/promises";
import type { PolicyCommand, PolicyDocument, PolicyOptions } from "../src/core/iam-policy.ts";
import { planPolicy, POLICY_COMMANDS } from "../src/core/iam-policy.ts";

export const IAM_DOC = new URL("../docs/iam.md", import.meta.url);

/** What the policies in docs/iam.md are of. */
const EXAMPLE: Omit<PolicyOptions, "command"> = {
  place: { partition: "aws", region: "us-east-1", account: "111122223333" },
  logs: { bucket: "example-logs", prefix: "" },
  database: "security",
  tablePrefix: "cloudtrail",
  workgroup: "primary",
  output: { bucket: "example-answers", prefix: "cloudtrail/" },
};

const LAKE: PolicyOptions["lake"] = { bucket: "example-lake", prefix: "cloudtrail/" };

/** The policies that docs/iam.md is to show. */
export function listPolicies(): ReadonlyMap<PolicyCommand, PolicyDocument> {
  return new Map(POLICY_COMMANDS.map((command) => [command, planExample(command)]));
}

/** Those of all other commands than compact are without a lake. */
function planExample(command: PolicyCommand): PolicyDocument {
  return planPolicy({ ...EXAMPLE, command, lake: command === "compact" ? LAKE : undefined });
}

/** docs/iam.md as it should be, but for the layout of its JSON: its policies made by the code. */
export async function printIamDoc(): Promise<string> {
  let text = await readFile(IAM_DOC, "utf8");
  for (const [command, policy] of listPolicies()) {
    text = text.replace(blockOf(command), (_, begin: string, end: string) => {
      const json = JSON.stringify(policy, undefined, 2);
      return `${begin}\n\n\`\`\`json\n${json}\n\`\`\`\n\n${end}`;
    });
  }
  return text;
}

/** The policies that a text of the form of docs/iam.md shows, parsed. */
export function parseIamDoc(text: string): ReadonlyMap<PolicyCommand, unknown> {
  const shown = POLICY_COMMANDS.map((command) => {
    const json = /```json\n(.*)```/s.exec(blockOf(command).exec(text)?.[0] ?? "")?.[1];
    return [command, json === undefined ? undefined : (JSON.parse(json) as unknown)] as const;
  });
  return new Map(shown);
}

function blockOf(command: PolicyCommand): RegExp {
  return new RegExp(
    `(<!-- policy of ${command}: written by npm run iam-doc -->).*?(<!-- end of policy -->)`,
    "s",
  );
}
