import { drawReader, drawWriter } from "../actors/cast.ts";
import type { JsonObject } from "../json.ts";
import { rawJson } from "../json.ts";
import type { Scene } from "../scene.ts";
import type { EventTemplate } from "./event.ts";

const apiVersion = "2016-11-15";

export const ec2Events: readonly EventTemplate[] = [
  {
    service: "ec2",
    name: "DescribeInstances",
    weight: 40,
    readOnly: true,
    draw: drawReader,
    apiVersion,
    errors: [{ errorCode: "Client.RequestLimitExceeded", errorMessage: "Request limit exceeded." }],
    describe: (scene) => ({
      request: {
        maxResults: 1000,
        instancesSet: {},
        filterSet: { items: [{ name: "instance-state-name", valueSet: { items: [{ value: "running" }] } }] },
        includeAllResources: scene.random.chance(0.5),
      },
    }),
  },
  {
    service: "ec2",
    name: "DescribeSecurityGroups",
    weight: 15,
    readOnly: true,
    draw: drawReader,
    apiVersion,
    describe: (scene) => ({
      request: {
        securityGroupSet: { items: [{ groupId: inventId("sg", scene) }] },
        securityGroupIdSet: {},
        filterSet: {},
      },
    }),
  },
  {
    service: "ec2",
    name: "RunInstances",
    weight: 6,
    readOnly: false,
    draw: drawWriter,
    apiVersion,
    errors: [
      {
        errorCode: "Server.InsufficientInstanceCapacity",
        errorMessage: "There is no Spot capacity available that matches your request.",
      },
      {
        errorCode: "Client.InstanceLimitExceeded",
        errorMessage: "Your quota allows for 0 more running instance(s).",
      },
    ],
    describe: describeRunInstances,
  },
  {
    service: "ec2",
    name: "TerminateInstances",
    weight: 3,
    readOnly: false,
    draw: drawWriter,
    apiVersion,
    errors: [
      {
        errorCode: "Client.InvalidInstanceID.NotFound",
        errorMessage: "The instance ID 'i-0dead0beef00000ff' does not exist",
      },
    ],
    describe: (scene) => {
      const instanceId = inventId("i", scene);
      const states = {
        currentState: { code: 32, name: "shutting-down" },
        previousState: { code: 16, name: "running" },
      };
      return {
        request: { instancesSet: { items: [{ instanceId }] } },
        response: { requestId: scene.random.guid(), instancesSet: { items: [{ instanceId, ...states }] } },
      };
    },
  },
  {
    service: "ec2",
    name: "AuthorizeSecurityGroupIngress",
    weight: 3,
    readOnly: false,
    draw: drawWriter,
    apiVersion,
    errors: [
      {
        errorCode: "Client.InvalidPermission.Duplicate",
        errorMessage:
          'the specified rule "peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW" already exists',
      },
    ],
    describe: describeIngress,
  },
  {
    service: "ec2",
    name: "CreateTags",
    weight: 8,
    readOnly: false,
    draw: drawWriter,
    apiVersion,
    describe: (scene) => ({
      request: {
        resourcesSet: { items: [{ resourceId: inventId("vol", scene) }] },
        // Tags are free text: what looks like a number there is one a caller wrote.
        tagSet: {
          items: [
            { key: "version", value: "1.10" },
            { key: "Größe", value: "42" },
          ],
        },
      },
      response: { requestId: scene.random.guid(), _return: true },
    }),
  },
];

/** "i-0123456789abcdef0", for the prefix "i". */
function inventId(prefix: string, { random }: Scene): string {
  return `${prefix}-0${random.hex(16)}`;
}

function describeRunInstances(scene: Scene): { request: JsonObject; response: JsonObject } {
  const { random, region, account } = scene;
  const instanceType = random.pick(["t4g.small", "m7g.large", "c7g.xlarge", "p5.48xlarge"]);
  const imageId = "ami-0a1b2c3d4e5f60718";
  const groups = { items: [{ groupId: inventId("sg", scene), groupName: "orders-api" }] };
  const item = {
    instanceId: inventId("i", scene),
    imageId,
    instanceState: { code: 0, name: "pending" },
    privateDnsName: `ip-192-0-2-${random.below(250)}.${region}.compute.internal`,
    amiLaunchIndex: 0,
    productCodes: {},
    instanceType,
    // Longer than a double holds exactly.
    launchTime: rawJson(`${scene.time}000000`),
    placement: { availabilityZone: `${region}a`, tenancy: "default" },
    monitoring: { state: "disabled" },
    subnetId: inventId("subnet", scene),
    vpcId: inventId("vpc", scene),
    privateIpAddress: `192.0.2.${random.below(250)}`,
    stateReason: { code: "pending", message: "pending" },
    architecture: "arm64",
    rootDeviceType: "ebs",
    rootDeviceName: "/dev/xvda",
    virtualizationType: "hvm",
    hypervisor: "xen",
    tagSet: {
      items: [
        { key: "Name", value: "orders-api" },
        { key: "team", value: "shop" },
      ],
    },
    groupSet: groups,
    sourceDestCheck: true,
    ebsOptimized: true,
    enaSupport: true,
    cpuOptions: { coreCount: 2, threadsPerCore: 1 },
    enclaveOptions: { enabled: false },
    metadataOptions: {
      state: "pending",
      httpTokens: "required",
      httpPutResponseHopLimit: 2,
      httpEndpoint: "enabled",
    },
  };
  return {
    request: {
      instancesSet: { items: [{ imageId, minCount: 1, maxCount: 1 }] },
      instanceType,
      groupSet: groups,
      blockDeviceMapping: {
        items: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 20, encrypted: true, volumeType: "gp3" } }],
      },
      userData: "<sensitiveDataRemoved>",
      monitoring: { enabled: false },
      disableApiTermination: false,
      clientToken: random.guid(),
    },
    response: {
      requestId: random.guid(),
      reservationId: inventId("r", scene),
      ownerId: account.id,
      groupSet: {},
      instancesSet: { items: [item] },
    },
  };
}

function describeIngress(scene: Scene): { request: JsonObject; response: JsonObject } {
  const groupId = inventId("sg", scene);
  const cidrIp = scene.random.pick(["0.0.0.0/0", "203.0.113.0/24"]);
  const rule = {
    groupOwnerId: scene.account.id,
    groupId,
    isEgress: false,
    ipProtocol: "tcp",
    fromPort: 22,
    toPort: 22,
  };
  return {
    request: {
      groupId,
      ipPermissions: {
        items: [
          { ipProtocol: "tcp", fromPort: 22, toPort: 22, groups: {}, ipRanges: { items: [{ cidrIp }] } },
        ],
      },
    },
    response: {
      requestId: scene.random.guid(),
      _return: true,
      securityGroupRuleSet: {
        items: [{ ...rule, securityGroupRuleId: inventId("sgr", scene), cidrIpv4: cidrIp }],
      },
    },
  };
}
