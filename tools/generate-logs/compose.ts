import type { Account } from "./account.ts";
import { planAttack } from "./attack.ts";
import { drawError } from "./errors.ts";
import { drawDataEvent, drawGlobalEvent, drawRegionalEvent } from "./events/catalogue.ts";
import type { EventTemplate } from "./events/event.ts";
import type { JsonObject } from "./json.ts";
import type { Random } from "./prng.ts";
import type { Act } from "./record.ts";
import { composeRecord } from "./record.ts";
import type { Scene } from "./scene.ts";
import { weighted } from "./weighted.ts";
import type { World } from "./world.ts";

/** What all records of one file have in common. */
export interface Setting {
  readonly random: Random;
  readonly world: World;
  readonly account: Account;
  readonly region: string;
  /** The share of data events. */
  readonly dataEvents: number;
  /** Draws the time of an event, in milliseconds. */
  readonly drawTime: () => number;
  /** Whether the thief is at work. */
  readonly attacked: boolean;
}

/** Of the records while the thief is at work. */
const ATTACK_SHARE = 0.15;

/** Most records are new; the oldest came from trails that nobody changed since. */
const drawVersion = weighted<number>([
  [11, 600],
  [10, 150],
  [9, 100],
  [8, 80],
  [7, 20],
  [6, 10],
  [5, 25],
  [4, 5],
  [3, 3],
  [2, 3],
  [1, 2],
  [0, 2],
]);

/** Invents one record after another; the thief goes through his steps as they come. */
export function* composeRecords(setting: Setting): Generator<JsonObject, never> {
  for (let step = setting.random.below(100); ;) {
    const scene = openScene(setting);
    const attacked = setting.attacked && setting.random.chance(ATTACK_SHARE);
    yield composeRecord(scene, attacked ? planAttack(scene, step++) : planAct(setting, scene));
  }
}

function openScene({ random, world, account, region, drawTime }: Setting): Scene {
  return { random, world, account, region, time: drawTime(), version: drawVersion(random) };
}

function planAct({ random, dataEvents }: Setting, scene: Scene): Act {
  const template = drawTemplate(scene, random.chance(dataEvents));
  const actor = template.draw(random)(scene);
  return { template, actor, error: drawError(random, template, actor) };
}

function drawTemplate({ random, region, world }: Scene, data: boolean): EventTemplate {
  if (data) return drawDataEvent(random);
  return region === world.globalRegion ? drawGlobalEvent(random) : drawRegionalEvent(random);
}
