import type { Principal } from "../account.ts";
import { inventKeyId } from "../account.ts";
import type { Actor } from "./actor.ts";
import { inventHostileUserName } from "../hostile.ts";
import type { Origin } from "./origins.ts";
import { fromConsole, fromDesk, fromThief } from "./origins.ts";
import type { Scene } from "../scene.ts";
import { globalArn, since } from "../scene.ts";
import { printAttributes } from "./session-attributes.ts";

/** alice in the console, with her second factor. */
export function castAlice(scene: Scene): Actor {
  return castUser(scene, scene.account.alice, { origin: fromConsole(scene), mfa: "true" });
}

/** bob on the command line, with a long-lived key. */
export function castBob(scene: Scene): Actor {
  return castUser(scene, scene.account.bob, { origin: fromDesk(scene) });
}

/** carol, who reads. */
export function castCarol(scene: Scene): Actor {
  return castUser(scene, scene.account.carol, { origin: fromConsole(scene), mfa: "false" });
}

/** A user with a name that a spreadsheet runs. */
export function castOddUser(scene: Scene): Actor {
  const name = inventHostileUserName(scene.random);
  return castUser(scene, { ...scene.account.bob, name }, { origin: fromDesk(scene) });
}

/** The thief, with the first account's bob's key, whatever the account. */
export function castThief(scene: Scene): Actor {
  const inHome = { ...scene, account: scene.world.home };
  return castUser(inHome, scene.world.home.bob, { origin: fromThief() });
}

/** The account's root user, who should rest. */
export function castRoot(scene: Scene): Actor {
  const { account, random } = scene;
  const name = globalArn(scene, "iam", "root");
  const userIdentity = {
    type: "Root",
    principalId: account.id,
    arn: name,
    accountId: account.id,
    accessKeyId: inventKeyId("ASIA", random),
    sessionContext: {
      sessionIssuer: {},
      webIdFederationData: {},
      attributes: printAttributes(scene, "true"),
      signInSessionArn: since(
        11,
        scene,
        `arn:${scene.world.partition}:signin:${scene.region}:${account.id}:session/${random.guid()}`,
      ),
    },
  };
  return { ...fromConsole(scene), userIdentity, name };
}

/** A member account's root session, opened centrally with sts:AssumeRoot. */
export function castAssumedRoot(scene: Scene): Actor {
  const { account, random } = scene;
  const name = globalArn(scene, "iam", "root");
  const userIdentity = {
    type: "Root",
    principalId: account.id,
    arn: name,
    accountId: account.id,
    accessKeyId: inventKeyId("ASIA", random),
    sessionContext: {
      sessionIssuer: {},
      attributes: printAttributes(scene, "false"),
      assumedRoot: since(10, scene, "true"),
      sourceIdentity: "alice",
    },
  };
  return { ...fromDesk(scene), userIdentity, name };
}

/** What GetFederationToken makes of a user. */
export function castFederatedUser(scene: Scene): Actor {
  const { account, random } = scene;
  const name = globalArn(scene, "sts", "federated-user/partner-portal");
  const userIdentity = {
    type: "FederatedUser",
    principalId: `${account.id}:partner-portal`,
    arn: name,
    accountId: account.id,
    accessKeyId: inventKeyId("ASIA", random),
    sessionContext: {
      sessionIssuer: {
        type: "IAMUser",
        principalId: account.bob.principalId,
        arn: globalArn(scene, "iam", "user/bob"),
        accountId: account.id,
        userName: "bob",
      },
      webIdFederationData: {},
      attributes: printAttributes(scene, "false"),
    },
  };
  return { ...fromDesk(scene), userIdentity, name };
}

/** Somebody from the identity centre, without a role. */
export function castIdentityCenterUser(scene: Scene): Actor {
  const { account, random, world, region } = scene;
  const userId = `${random.hex(10)}-${random.guid()}`;
  const userIdentity = {
    type: "IdentityCenterUser",
    accountId: account.id,
    onBehalfOf: since(9, scene, {
      userId,
      identityStoreArn: `arn:${world.partition}:identitystore::${world.home.id}:identitystore/d-${world.home.id.slice(0, 10)}`,
    }),
    credentialId: since(10, scene, random.hex(64)),
  };
  return { ...fromConsole(scene), userIdentity, name: `${userId} in ${region}` };
}

/** Somebody who signs in through a directory. */
export function castDirectoryUser(scene: Scene): Actor {
  const { account, random } = scene;
  const userIdentity = {
    type: "Directory",
    principalId: `${account.id}:S-1-5-21-${random.next()}-${random.next()}-1107`,
    accountId: account.id,
    userName: "CORP\\carol",
  };
  return { ...fromConsole(scene), userIdentity, name: "CORP\\carol" };
}

/** Whom AWS could not tell. */
export function castUnknown(scene: Scene): Actor {
  const { account, random } = scene;
  const userIdentity = {
    type: "Unknown",
    principalId: random.guid(),
    accountId: account.id,
    userName: "dave@example.com",
  };
  return { ...fromConsole(scene), userIdentity, name: "dave@example.com" };
}

interface Session {
  readonly origin: Origin;
  /** Undefined for a long-lived key, which opens no session. */
  readonly mfa?: "true" | "false";
}

function castUser(scene: Scene, user: Principal, { origin, mfa }: Session): Actor {
  const name = globalArn(scene, "iam", `user/${user.name}`);
  const userIdentity = {
    type: "IAMUser",
    principalId: user.principalId,
    arn: name,
    accountId: scene.account.id,
    accessKeyId: mfa === undefined ? user.accessKeyId : inventKeyId("ASIA", scene.random),
    userName: user.name,
    sessionContext:
      mfa === undefined
        ? undefined
        : { sessionIssuer: {}, webIdFederationData: {}, attributes: printAttributes(scene, mfa) },
  };
  return { ...origin, userIdentity, name };
}
