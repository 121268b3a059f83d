import type { Principal } from "../account.ts";
import { inventKeyId } from "../account.ts";
import type { Actor } from "./actor.ts";
import type { JsonObject } from "../json.ts";
import type { Origin } from "./origins.ts";
import { fromConsole, fromDesk, fromPipeline, fromService, fromWorkload } from "./origins.ts";
import { printAttributes } from "./session-attributes.ts";
import type { Scene } from "../scene.ts";
import { arn, globalArn, since } from "../scene.ts";

/** The pipeline: a role that its runner's web identity opens. */
export function castDeploySession(scene: Scene): Actor {
  const { partition } = scene.world;
  const provider = `arn:${partition}:iam::${scene.account.id}:oidc-provider/token.actions.githubusercontent.com`;
  return castSession(scene, scene.account.deployRole, {
    origin: fromPipeline(scene),
    session: `deploy-${4000 + scene.random.below(200)}`,
    context: {
      webIdFederationData: {
        federatedProvider: provider,
        attributes: { sub: "repo:example/shop:ref:refs/heads/main" },
      },
      sourceIdentity: scene.random.chance(0.3) ? since(8, scene, "github-actions") : undefined,
    },
  });
}

/** A person from the identity centre, in the console or on the command line. */
export function castAdminSession(scene: Scene): Actor {
  const { random, world } = scene;
  const person = random.pick(["alice@example.com", "carol@example.com", "erin@example.com"]);
  const inConsole = random.chance(0.6);
  return castSession(scene, scene.account.adminRole, {
    origin: inConsole ? fromConsole(scene) : fromDesk(scene),
    session: person,
    path: `aws-reserved/sso.amazonaws.com/${world.globalRegion}/`,
    identity: {
      onBehalfOf: since(9, scene, {
        userId: `9067${world.home.id.slice(0, 6)}-5b0c0d1e-0000-4000-8000-${world.home.id.slice(0, 10)}${10 + person.length}`,
        identityStoreArn: `arn:${world.partition}:identitystore::${world.home.id}:identitystore/d-${world.home.id.slice(0, 10)}`,
      }),
      credentialId: since(10, scene, random.hex(40)),
    },
    context: {
      signInSessionArn: inConsole
        ? since(
            11,
            scene,
            `arn:${world.partition}:signin:${world.globalRegion}:${scene.account.id}:session/${random.guid()}`,
          )
        : undefined,
    },
  });
}

/** A machine of the application. */
export function castInstanceSession(scene: Scene): Actor {
  const ec2RoleDelivery = since(8, scene, scene.random.chance(0.9) ? "2.0" : "1.0");
  return castSession(scene, scene.account.instanceRole, {
    origin: fromWorkload(scene),
    session: `i-0${scene.account.id}0a${10 + scene.random.below(80)}`,
    identity: { inScopeOf: since(11, scene, {}) },
    context: { webIdFederationData: {}, ec2RoleDelivery },
  });
}

/** A function: the record tells which one the role's credentials were issued to. */
export function castFunctionSession(scene: Scene): Actor {
  const sourceArn = arn(scene, "lambda", "function:thumbnail");
  const scope = {
    sourceArn,
    sourceAccount: scene.account.id,
    issuerType: "AWS::Lambda::Function",
    credentialsIssuedTo: sourceArn,
  };
  return castSession(scene, scene.account.functionRole, {
    origin: fromWorkload(scene),
    session: "thumbnail",
    identity: { inScopeOf: since(11, scene, scope) },
  });
}

/** AWS Config, with the role made for it. */
export function castConfigSession(scene: Scene): Actor {
  const service = "config.amazonaws.com";
  return castSession(scene, scene.account.configRole, {
    origin: fromService(service),
    session: "configLambdaExecution",
    path: `aws-service-role/${service}/`,
    identity: { invokedBy: service },
  });
}

/** A partner whom the account let act in its place. */
export function castDelegateSession(scene: Scene): Actor {
  const delegate = scene.world.accountIds.at(-1) ?? scene.account.id;
  return castSession(scene, scene.account.adminRole, {
    origin: fromDesk(scene),
    session: "partner-support",
    identity: { invokedByDelegate: since(11, scene, { accountId: delegate }) },
  });
}

interface Session {
  readonly origin: Origin;
  readonly session: string;
  /** Of the role, with its final slash. */
  readonly path?: string;
  /** More of userIdentity. */
  readonly identity?: JsonObject;
  /** More of sessionContext. */
  readonly context?: JsonObject;
}

function castSession(
  scene: Scene,
  role: Principal,
  { origin, session, path = "", identity, context }: Session,
): Actor {
  const name = globalArn(scene, "sts", `assumed-role/${role.name}/${session}`);
  const { invokedBy, ...rest } = identity ?? {};
  const { webIdFederationData, ...others } = context ?? {};
  const userIdentity = {
    type: "AssumedRole",
    principalId: `${role.principalId}:${session}`,
    arn: name,
    accountId: scene.account.id,
    accessKeyId: inventKeyId("ASIA", scene.random),
    ...rest,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: role.principalId,
        arn: globalArn(scene, "iam", `role/${path}${role.name}`),
        accountId: scene.account.id,
        userName: role.name,
      },
      webIdFederationData,
      attributes: printAttributes(scene, "false"),
      ...others,
    },
    invokedBy,
  };
  return { ...origin, userIdentity, name };
}
