import type { Random } from "../prng.ts";
import { weighted } from "../weighted.ts";
import { applicationEvents } from "./application.ts";
import { ec2Events } from "./ec2.ts";
import type { EventTemplate } from "./event.ts";
import { iamEvents } from "./iam.ts";
import { operationsEvents } from "./operations.ts";
import { s3Events } from "./s3.ts";
import { securityEvents } from "./security.ts";
import { signInEvents } from "./signin.ts";
import { stsEvents } from "./sts.ts";

/** Every kind of event that is generated. */
export const eventTemplates: readonly EventTemplate[] = [
  ...ec2Events,
  ...s3Events,
  ...iamEvents,
  ...stsEvents,
  ...signInEvents,
  ...securityEvents,
  ...applicationEvents,
  ...operationsEvents,
];

export const drawDataEvent = drawFrom(eventTemplates.filter(({ data }) => data === true));

/** Management events of services that have Regions. */
export const drawRegionalEvent = drawFrom(eventTemplates.filter(({ data, global }) => !data && !global));

/** Management events where services without Regions log too. */
export const drawGlobalEvent = drawFrom(eventTemplates.filter(({ data }) => !data));

function drawFrom(templates: readonly EventTemplate[]): (random: Random) => EventTemplate {
  return weighted(templates.map((template) => [template, template.weight]));
}
