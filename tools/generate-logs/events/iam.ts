import { drawReader, drawWriter } from "../actors/cast.ts";
import { inventKeyId } from "../account.ts";
import { inventHostileText } from "../hostile.ts";
import type { Scene } from "../scene.ts";
import { globalArn, printJavaTime } from "../scene.ts";
import type { ApiError, EventDetails, EventTemplate } from "./event.ts";

const apiVersion = "2010-05-08";

export const iamEvents: readonly EventTemplate[] = [
  iamReader("ListUsers", 10, { describe: () => ({}) }),
  iamReader("ListRoles", 14, { describe: () => ({ request: { maxItems: 1000 } }) }),
  iamReader("GetAccountAuthorizationDetails", 3, {
    describe: () => ({ request: { filter: ["Role"], maxItems: 1000 } }),
  }),
  iamReader("GetRole", 18, {
    describe: ({ account }) => ({ request: { roleName: account.deployRole.name } }),
    errors: [noSuchEntity("The role with name deploy-old cannot be found.")],
  }),
  iamWriter("CreateUser", 3, {
    describe: describeCreateUser,
    errors: [
      { errorCode: "EntityAlreadyExistsException", errorMessage: "User with name bob already exists." },
    ],
  }),
  iamWriter("CreateAccessKey", 3, {
    describe: describeCreateAccessKey,
    errors: [
      { errorCode: "LimitExceededException", errorMessage: "Cannot exceed quota for AccessKeysPerUser: 2" },
    ],
  }),
  iamWriter("AttachUserPolicy", 2, {
    describe: ({ world }) => ({
      request: { userName: "bob", policyArn: `arn:${world.partition}:iam::aws:policy/AdministratorAccess` },
    }),
  }),
  iamWriter("PutRolePolicy", 4, {
    describe: describePutRolePolicy,
    errors: [{ errorCode: "MalformedPolicyDocumentException", errorMessage: "Syntax errors in policy." }],
  }),
  iamWriter("DeleteLoginProfile", 1, {
    describe: () => ({ request: { userName: "dave" } }),
    errors: [noSuchEntity("Login Profile for User dave cannot be found.")],
  }),
];

type Particulars = Pick<EventTemplate, "describe" | "errors">;

function iamReader(name: string, weight: number, particulars: Particulars): EventTemplate {
  return {
    service: "iam",
    name,
    weight,
    readOnly: true,
    global: true,
    apiVersion,
    draw: drawReader,
    ...particulars,
  };
}

function iamWriter(name: string, weight: number, particulars: Particulars): EventTemplate {
  return { ...iamReader(name, weight, particulars), readOnly: false, draw: drawWriter };
}

function noSuchEntity(errorMessage: string): ApiError {
  return { errorCode: "NoSuchEntityException", errorMessage };
}

function describeCreateUser(scene: Scene): EventDetails {
  const { random } = scene;
  const odd = random.chance(0.1);
  const userName = odd ? inventHostileText(random) : `svc-${random.hex(6)}`;
  const user = {
    path: "/",
    userName,
    userId: inventKeyId("AIDA", random),
    arn: globalArn(scene, "iam", `user/${userName}`),
    createDate: printJavaTime(scene.time),
  };
  if (!odd) return { request: { userName }, response: { user } };
  const errorMessage =
    "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-";
  return { request: { userName }, error: { errorCode: "ValidationException", errorMessage } };
}

function describeCreateAccessKey({ random, time }: Scene): EventDetails {
  const userName = random.pick(["bob", "svc-backup", "svc-metrics"]);
  const accessKey = {
    userName,
    accessKeyId: inventKeyId("AKIA", random),
    status: "Active",
    createDate: printJavaTime(time),
  };
  return { request: { userName }, response: { accessKey } };
}

function describePutRolePolicy({ account }: Scene): EventDetails {
  const policyDocument = `{\n  "Version": "2012-10-17",\n  "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]\n}`;
  return { request: { roleName: account.instanceRole.name, policyName: "orders-api", policyDocument } };
}
