import type { World } from "./worlds.ts";
import { listResources } from "./worlds.ts";

export interface RenderedStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly unknown[];
  readonly Condition?: unknown;
  readonly Principal?: unknown;
}

export interface RenderedPolicy {
  readonly Statement: readonly RenderedStatement[];
}

/** CDK writes lists of one as the one. */
export function spread({ Statement }: { readonly Statement: readonly object[] }): RenderedPolicy {
  const statements = (Statement as readonly RenderedStatement[]).map((statement) => ({
    ...statement,
    Action: [statement.Action].flat(),
    Resource: [statement.Resource].flat(),
  }));
  return { Statement: statements };
}

/** Every policy of a role in the stack, by name; "Role/Run" and the like, as roles have no name. */
export function listPolicies(world: World): ReadonlyMap<string, RenderedPolicy> {
  const roles = listResources(world, "AWS::IAM::Role").flatMap(
    ({ Policies }) => Policies as readonly RawPolicy[],
  );
  const separate = listResources(world, "AWS::IAM::Policy") as unknown as readonly RawPolicy[];
  return new Map(
    [...roles, ...separate].map(({ PolicyName, PolicyDocument }) => [PolicyName, spread(PolicyDocument)]),
  );
}

interface RawPolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Statement: readonly object[] };
}
