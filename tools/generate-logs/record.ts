import type { Actor } from "./actors/actor.ts";
import type { ApiError, EventDetails, EventTemplate } from "./events/event.ts";
import type { JsonObject } from "./json.ts";
import type { Scene } from "./scene.ts";
import { printTime, since } from "./scene.ts";

/** What happens in a scene, and who does it. */
export interface Act {
  readonly template: EventTemplate;
  readonly actor: Actor;
  /** Undefined when it succeeds. */
  readonly error: Partial<ApiError> | undefined;
}

/** The record of an act: fields in AWS's order, without those that its version did not have yet. */
export function composeRecord(scene: Scene, { template, actor, error: failure }: Act): JsonObject {
  const { random, version } = scene;
  const details = template.describe(scene, actor);
  const error = failure ?? details.error;
  const inside = template.eventType === "AwsServiceEvent";
  const category = template.data === true ? "Data" : "Management";
  return {
    eventVersion: printVersion(version),
    userIdentity: actor.userIdentity,
    eventTime: printTime(scene.time),
    eventSource: `${template.service}.amazonaws.com`,
    eventName: template.name,
    awsRegion: scene.region,
    sourceIPAddress: actor.sourceIPAddress,
    userAgent: actor.userAgent,
    errorCode: error?.errorCode,
    errorMessage: error?.errorMessage,
    requestParameters: details.request ?? null,
    responseElements: failure === undefined ? (details.response ?? null) : null,
    additionalEventData: details.additional,
    requestID: inside ? undefined : since(1, scene, random.guid()),
    eventID: since(1, scene, random.guid()),
    readOnly: since(1, scene, template.readOnly),
    resources: since(1, scene, details.resources),
    eventType: since(2, scene, template.eventType ?? "AwsApiCall"),
    apiVersion: since(1, scene, template.apiVersion),
    managementEvent: since(6, scene, category === "Management"),
    recipientAccountId: since(2, scene, scene.account.id),
    serviceEventDetails: since(5, scene, details.service),
    sharedEventID: details.shared === true ? since(3, scene, random.guid()) : undefined,
    vpcEndpointId: since(4, scene, actor.vpcEndpointId),
    vpcEndpointAccountId: actor.vpcEndpointId === undefined ? undefined : since(9, scene, scene.account.id),
    eventCategory: since(7, scene, category),
    ...composeRarities(scene, details),
    edgeDeviceDetails: since(8, scene, details.edgeDevice),
    tlsDetails: actor.tls ? since(8, scene, composeTlsDetails(scene, template)) : undefined,
    sessionCredentialFromConsole: actor.fromConsole === true ? since(8, scene, "true") : undefined,
  };
}

/** "1.0", "1.01" ... "1.09", "1.10", "1.11", as AWS writes them. */
function printVersion(minor: number): string {
  return minor === 0 ? "1.0" : `1.${String(minor).padStart(2, "0")}`;
}

const ADDENDUM_SHARE = 0.003;

/** A record that AWS delivered before, and completed or corrected. */
function composeRarities(scene: Scene, { request }: EventDetails): JsonObject {
  const { random } = scene;
  if (scene.version < 8 || !random.chance(ADDENDUM_SHARE)) return {};
  const addendum = {
    reason: random.pick(["UPDATED_DATA", "DELIVERY_DELAY", "SERVICE_OUTAGE"]),
    updatedFields: request === undefined ? "userIdentity" : "requestParameters, userIdentity.arn",
    originalRequestID: random.guid(),
    originalEventID: random.guid(),
  };
  return { addendum };
}

const CIPHER_SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"] as const;
const OLD_TLS_SHARE = 0.03;

function composeTlsDetails(scene: Scene, { service }: EventTemplate): JsonObject {
  const { random, region, world } = scene;
  const clientProvidedHostHeader = `${service}.${region}.${world.dnsSuffix}`;
  if (random.chance(OLD_TLS_SHARE)) {
    return { tlsVersion: "TLSv1.2", cipherSuite: "ECDHE-RSA-AES128-GCM-SHA256", clientProvidedHostHeader };
  }
  const keyExchange = since(11, scene, random.chance(0.6) ? "X25519MLKEM768" : "x25519");
  return {
    tlsVersion: "TLSv1.3",
    cipherSuite: random.pick(CIPHER_SUITES),
    clientProvidedHostHeader,
    keyExchange,
  };
}
