import { castThief } from "./actors/people.ts";
import { deny } from "./errors.ts";
import { eventTemplates } from "./events/catalogue.ts";
import type { EventTemplate } from "./events/event.ts";
import type { Act } from "./record.ts";
import type { Scene } from "./scene.ts";

/** What the thief does with bob's key, in this order, and whether it works. */
const STEPS: readonly (readonly [name: string, allowed: boolean])[] = [
  ["GetCallerIdentity", true],
  ["ListBuckets", true],
  ["DescribeInstances", true],
  ["ListUsers", true],
  ["GetAccountAuthorizationDetails", false],
  ["CreateUser", false],
  ["AttachUserPolicy", false],
  ["CreateAccessKey", true],
  ["ListSecrets", true],
  ["GetSecretValue", false],
  ["AssumeRole", true],
  ["StopLogging", false],
  ["PutBucketPolicy", false],
  ["RunInstances", false],
  ["GetObject", true],
];

const PLAN = STEPS.map(([name, allowed]) => ({ template: findTemplate(name), allowed }));
const REGIONAL_PLAN = PLAN.filter(({ template }) => template.global !== true);

/** The thief's step with this number; the thief begins anew after the last one. */
export function planAttack(scene: Scene, step: number): Act {
  const plan = scene.region === scene.world.globalRegion ? PLAN : REGIONAL_PLAN;
  const next = plan[step % plan.length];
  if (next === undefined) throw new Error("the thief has no plan");
  const actor = castThief(scene);
  const error = next.allowed ? undefined : deny(scene.random, next.template, actor);
  return { template: next.template, actor, error };
}

function findTemplate(name: string): EventTemplate {
  const template = eventTemplates.find((one) => one.name === name);
  if (template === undefined) throw new Error(`no event ${name}`);
  return template;
}
