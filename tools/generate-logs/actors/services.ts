import { inventKeyId } from "../account.ts";
import type { Actor, Casting } from "./actor.ts";
import { fromDesk, fromPipeline, fromService, fromWorkload } from "./origins.ts";
import type { Scene } from "../scene.ts";
import { globalArn } from "../scene.ts";

/** A service that acts by itself, such as CloudTrail when it looks at its bucket. */
export function castService(service: string): Casting {
  const userIdentity = { type: "AWSService", invokedBy: service };
  return () => ({ ...fromService(service), userIdentity, name: service });
}

/** What happens inside a service: its identity has no type. */
export function castServiceEvent(service: string): Casting {
  return ({ account }) => ({
    ...fromService(service),
    userIdentity: { accountId: account.id, invokedBy: service },
    name: service,
  });
}

/** What happens inside a service: no identity at all. */
export function castNobody(service: string): Casting {
  return () => ({ ...fromService(service), userIdentity: null, name: service });
}

/** Another account, seen from the account whose resource it used. */
export function castOtherAccount(scene: Scene): Actor {
  const { random, world } = scene;
  const accountId = world.accountIds[random.below(world.accountIds.length)] ?? scene.account.id;
  const userIdentity = {
    type: "AWSAccount",
    principalId: `${inventKeyId("AROA", random)}:deploy-${4000 + random.below(200)}`,
    accountId,
  };
  return { ...fromPipeline(scene), userIdentity, name: accountId };
}

/** A role itself, and not a session of it. */
export function castRole(scene: Scene): Actor {
  const { account } = scene;
  const name = globalArn(scene, "iam", `role/${account.instanceRole.name}`);
  const userIdentity = {
    type: "Role",
    principalId: account.instanceRole.principalId,
    arn: name,
    accountId: account.id,
    userName: account.instanceRole.name,
  };
  return { ...fromWorkload(scene), userIdentity, name };
}

/** Somebody whom the company's identity provider vouches for. */
export function castSamlUser(scene: Scene): Actor {
  const provider = globalArn(scene, "iam", "saml-provider/corporate");
  const userIdentity = {
    type: "SAMLUser",
    principalId: "b0Z1c2VyRXhhbXBsZQ=:carol@example.com",
    userName: "carol@example.com",
    identityProvider: provider,
  };
  return { ...fromDesk(scene), userIdentity, name: "carol@example.com" };
}

/** A runner of the pipeline, before it has a role. */
export function castWebIdentityUser(scene: Scene): Actor {
  const provider = globalArn(scene, "iam", "oidc-provider/token.actions.githubusercontent.com");
  const subject = "repo:example/shop:ref:refs/heads/main";
  const userIdentity = {
    type: "WebIdentityUser",
    principalId: `${provider}:sts.amazonaws.com:${subject}`,
    userName: subject,
    identityProvider: provider,
  };
  return { ...fromPipeline(scene), userIdentity, name: subject };
}
