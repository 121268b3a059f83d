import { drawDataUser, drawReader, drawWriter } from "../actors/cast.ts";
import { castService } from "../actors/services.ts";
import { inventHostileText } from "../hostile.ts";
import type { JsonObject } from "../json.ts";
import { escapedJson } from "../json.ts";
import type { Scene } from "../scene.ts";
import { bucketArn, printTime } from "../scene.ts";
import type { EventDetails, EventTemplate } from "./event.ts";
import { always } from "./event.ts";

const NO_SUCH_BUCKET = { errorCode: "NoSuchBucket", errorMessage: "The specified bucket does not exist" };
const NO_SUCH_KEY = { errorCode: "NoSuchKey", errorMessage: "The specified key does not exist." };

export const s3Events: readonly EventTemplate[] = [
  {
    service: "s3",
    name: "ListBuckets",
    weight: 6,
    readOnly: true,
    draw: drawReader,
    describe: (scene) => ({ request: { Host: host(scene) }, additional: describeTransfer(scene) }),
  },
  {
    service: "s3",
    name: "GetBucketAcl",
    weight: 25,
    readOnly: true,
    draw: always(castService("cloudtrail.amazonaws.com")),
    describe: (scene) => {
      const bucketName = `example-trail-${scene.world.home.id}`;
      return {
        request: { bucketName, Host: `${bucketName}.${host(scene)}`, acl: "" },
        additional: describeTransfer(scene),
        resources: [
          { accountId: scene.account.id, type: "AWS::S3::Bucket", ARN: bucketArn(scene, bucketName) },
        ],
        shared: true,
      };
    },
  },
  {
    service: "s3",
    name: "CreateBucket",
    weight: 2,
    readOnly: false,
    draw: drawWriter,
    errors: [
      { errorCode: "BucketAlreadyExists", errorMessage: "The requested bucket name is not available." },
      { errorCode: "InvalidBucketName", errorMessage: "The specified bucket is not valid." },
    ],
    describe: (scene) => {
      const bucketName = chooseBucket(scene);
      const CreateBucketConfiguration = {
        LocationConstraint: scene.region,
        xmlns: "http://s3.amazonaws.com/doc/2006-03-01/",
      };
      return {
        request: { CreateBucketConfiguration, bucketName, Host: host(scene) },
        additional: describeTransfer(scene),
        resources: [
          { accountId: scene.account.id, type: "AWS::S3::Bucket", ARN: bucketArn(scene, bucketName) },
        ],
      };
    },
  },
  {
    service: "s3",
    name: "PutBucketPolicy",
    weight: 2,
    readOnly: false,
    draw: drawWriter,
    errors: [NO_SUCH_BUCKET],
    describe: (scene) => {
      const bucketName = chooseBucket(scene);
      const anyone = {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: bucketArn(scene, `${bucketName}/*`),
      };
      return {
        request: {
          policy: "",
          bucketName,
          bucketPolicy: { Version: "2012-10-17", Statement: [anyone] },
          Host: host(scene),
        },
        additional: describeTransfer(scene),
        resources: [
          { accountId: scene.account.id, type: "AWS::S3::Bucket", ARN: bucketArn(scene, bucketName) },
        ],
      };
    },
  },
  {
    service: "s3",
    name: "GetObject",
    weight: 50,
    readOnly: true,
    data: true,
    draw: drawDataUser,
    errors: [NO_SUCH_KEY, NO_SUCH_BUCKET],
    describe: (scene) => describeObject(scene),
  },
  {
    service: "s3",
    name: "PutObject",
    weight: 25,
    readOnly: false,
    data: true,
    draw: drawDataUser,
    errors: [{ errorCode: "SlowDown", errorMessage: "Please reduce your request rate." }],
    describe: (scene) => {
      const sse = { "x-amz-server-side-encryption": "aws:kms", "x-amz-storage-class": "STANDARD" };
      return { ...describeObject(scene, sse), response: { "x-amz-server-side-encryption": "aws:kms" } };
    },
  },
  {
    service: "s3",
    name: "ListObjects",
    weight: 12,
    readOnly: true,
    data: true,
    draw: drawDataUser,
    describe: (scene) => {
      const bucketName = chooseBucket(scene);
      return {
        request: {
          "list-type": "2",
          bucketName,
          prefix: "incoming/",
          "encoding-type": "url",
          Host: host(scene),
        },
        additional: describeTransfer(scene),
        resources: [
          { type: "AWS::S3::Object", ARNPrefix: bucketArn(scene, `${bucketName}/incoming/`) },
          { accountId: scene.account.id, type: "AWS::S3::Bucket", ARN: bucketArn(scene, bucketName) },
        ],
      };
    },
  },
  {
    service: "s3-outposts",
    name: "PutObject",
    weight: 1,
    readOnly: false,
    data: true,
    draw: drawDataUser,
    describe: (scene) => ({
      request: {
        bucketName: "factory-floor",
        key: `line-${scene.random.below(9)}/telemetry.bin`,
        expectedBucketOwner: scene.account.id,
      },
      edgeDevice: {
        type: "S3OutpostsEdgeDevice",
        deviceId: scene.random.guid(),
        outpostId: `op-0${scene.random.hex(16)}`,
      },
    }),
  },
];

function host({ region, world }: Scene): string {
  return `s3.${region}.${world.dnsSuffix}`;
}

function chooseBucket(scene: Scene): string {
  const { random, account } = scene;
  if (random.chance(0.01)) return inventHostileText(random);
  return `${random.pick(["shop-uploads", "shop-thumbnails", "data-lake-raw", "payroll-exports"])}-${account.id}`;
}

/** Keys repeat, as do those of a busy application. */
function chooseKey({ random }: Scene): string {
  const number = random.below(5000);
  return random.pick([
    `incoming/2026/order-${number}.json`,
    `images/${number}/original.jpg`,
    `reports/Umsätze ${number}.csv`,
    `exports/${number}/café 🚀.parquet`,
  ]);
}

function describeObject(scene: Scene, headers: JsonObject = {}): EventDetails {
  const bucketName = chooseBucket(scene);
  const path = chooseKey(scene);
  const key = scene.random.chance(0.05) ? escapedJson(path) : path;
  return {
    request: {
      "X-Amz-Date": printTime(scene.time),
      bucketName,
      ...headers,
      Host: `${bucketName}.${host(scene)}`,
      key,
    },
    additional: describeTransfer(scene),
    resources: [
      { type: "AWS::S3::Object", ARN: bucketArn(scene, `${bucketName}/${path}`) },
      { accountId: scene.account.id, type: "AWS::S3::Bucket", ARN: bucketArn(scene, bucketName) },
    ],
  };
}

function describeTransfer({ random }: Scene): JsonObject {
  return {
    SignatureVersion: "SigV4",
    CipherSuite: "TLS_AES_128_GCM_SHA256",
    bytesTransferredIn: random.chance(0.3) ? random.below(1_000_000) : 0,
    AuthenticationMethod: "AuthHeader",
    "x-amz-id-2": `${random.text(75, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}=`,
    bytesTransferredOut: random.below(100_000),
  };
}
