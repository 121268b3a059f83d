import type { Actor } from "../actors/actor.ts";
import { drawReader } from "../actors/cast.ts";
import { inventKeyId } from "../account.ts";
import { castOtherAccount, castSamlUser, castService, castWebIdentityUser } from "../actors/services.ts";
import { castBob } from "../actors/people.ts";
import { castAdminSession, castDeploySession } from "../actors/sessions.ts";
import type { JsonObject } from "../json.ts";
import type { Principal } from "../account.ts";
import type { Scene } from "../scene.ts";
import { globalArn, printJavaTime } from "../scene.ts";
import { weighted } from "../weighted.ts";
import type { EventDetails, EventTemplate } from "./event.ts";
import { always } from "./event.ts";

const apiVersion = "2011-06-15";
const HOUR = 3_600_000;

const drawAssumer = weighted([
  [castService("ec2.amazonaws.com"), 10],
  [castService("lambda.amazonaws.com"), 10],
  [castService("ecs-tasks.amazonaws.com"), 6],
  [castOtherAccount, 4],
  [castAdminSession, 3],
  [castDeploySession, 6],
  [castBob, 3],
]);

export const stsEvents: readonly EventTemplate[] = [
  {
    service: "sts",
    name: "AssumeRole",
    weight: 60,
    readOnly: true,
    draw: drawAssumer,
    apiVersion,
    describe: (scene, actor) => describeAssumeRole(scene, actor),
  },
  {
    service: "sts",
    name: "GetCallerIdentity",
    weight: 18,
    readOnly: true,
    draw: drawReader,
    apiVersion,
    describe: () => ({}),
  },
  {
    service: "sts",
    name: "AssumeRoleWithWebIdentity",
    weight: 8,
    readOnly: true,
    draw: always(castWebIdentityUser),
    apiVersion,
    errors: [{ errorCode: "InvalidIdentityTokenException", errorMessage: "Token has expired" }],
    describe: (scene) => {
      const role = scene.account.deployRole;
      const provider = globalArn(scene, "iam", "oidc-provider/token.actions.githubusercontent.com");
      return {
        request: { roleArn: roleArn(scene, role), roleSessionName: "deploy", durationSeconds: 3600 },
        response: {
          ...describeCredentials(scene, role, "deploy"),
          subjectFromWebIdentityToken: "repo:example/shop:ref:refs/heads/main",
          provider,
          audience: "sts.amazonaws.com",
        },
        resources: [{ accountId: scene.account.id, type: "AWS::IAM::Role", ARN: roleArn(scene, role) }],
      };
    },
  },
  {
    service: "sts",
    name: "AssumeRoleWithSAML",
    weight: 3,
    readOnly: true,
    draw: always(castSamlUser),
    apiVersion,
    errors: [
      {
        errorCode: "ExpiredTokenException",
        errorMessage: "Token must be redeemed within 5 minutes of issuance",
      },
    ],
    describe: (scene) => {
      const role = scene.account.adminRole;
      const sAMLAssertionID = `_${scene.random.hex(32)}`;
      const principalArn = globalArn(scene, "iam", "saml-provider/corporate");
      return {
        request: {
          sAMLAssertionID,
          roleSessionName: "carol@example.com",
          roleArn: roleArn(scene, role),
          principalArn,
          durationSeconds: 3600,
        },
        response: {
          ...describeCredentials(scene, role, "carol@example.com"),
          subjectType: "persistent",
          issuer: "https://idp.example.com/saml",
          audience: "https://signin.aws.amazon.com/saml",
          nameQualifier: "b0Z1c2VyRXhhbXBsZQ=",
          subject: "carol@example.com",
        },
        resources: [
          { accountId: scene.account.id, type: "AWS::IAM::Role", ARN: roleArn(scene, role) },
          { accountId: scene.account.id, type: "AWS::IAM::SAMLProvider", ARN: principalArn },
        ],
      };
    },
  },
];

function describeAssumeRole(scene: Scene, actor: Actor): EventDetails {
  const role = actor.tls ? scene.account.deployRole : scene.account.instanceRole;
  const session = actor.tls ? `deploy-${4000 + scene.random.below(200)}` : `i-0${scene.random.hex(16)}`;
  return {
    request: { roleArn: roleArn(scene, role), roleSessionName: session, durationSeconds: 3600 },
    response: describeCredentials(scene, role, session),
    resources: [{ accountId: scene.account.id, type: "AWS::IAM::Role", ARN: roleArn(scene, role) }],
    shared: true,
  };
}

function roleArn(scene: Scene, role: Principal): string {
  return globalArn(scene, "iam", `role/${role.name}`);
}

function describeCredentials(scene: Scene, role: Principal, session: string): JsonObject {
  const { random, time } = scene;
  return {
    credentials: {
      accessKeyId: inventKeyId("ASIA", random),
      sessionToken: `IQoJb3JpZ2luX2VjEXAMPLE${random.text(120, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}==`,
      expiration: printJavaTime(time + HOUR),
    },
    assumedRoleUser: {
      assumedRoleId: `${role.principalId}:${session}`,
      arn: globalArn(scene, "sts", `assumed-role/${role.name}/${session}`),
    },
  };
}
