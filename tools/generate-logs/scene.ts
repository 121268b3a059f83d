import type { Account } from "./account.ts";
import type { Random } from "./prng.ts";
import type { World } from "./world.ts";

/** When and where one record happens. */
export interface Scene {
  readonly random: Random;
  readonly world: World;
  /** In whose log the record lies. */
  readonly account: Account;
  readonly region: string;
  /** Milliseconds. */
  readonly time: number;
  /** The minor version of the record: 11 for "1.11". */
  readonly version: number;
}

/** The value, if records of this version have its field. */
export function since<T>(version: number, scene: Scene, value: T): T | undefined {
  return scene.version >= version ? value : undefined;
}

/** "2026-11-22T14:03:59Z", as AWS prints times at the top of a record. */
export function printTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "Nov 22, 2026 2:03:59 PM", as AWS prints times inside request and response. */
export function printJavaTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const hour = date.getUTCHours();
  const clock = `${hour % 12 || 12}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`;
  const day = `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day} ${clock} ${hour < 12 ? "AM" : "PM"}`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, "0");
}

/** An ARN in the scene's Region and account: `arn("lambda", "function:thumbnail")`. */
export function arn(scene: Scene, service: string, resource: string): string {
  return `arn:${scene.world.partition}:${service}:${scene.region}:${scene.account.id}:${resource}`;
}

/** An ARN of a service that has no Regions: `globalArn("iam", "user/alice")`. */
export function globalArn(scene: Scene, service: string, resource: string): string {
  return `arn:${scene.world.partition}:${service}::${scene.account.id}:${resource}`;
}

/** Buckets have neither account nor Region in their ARN. */
export function bucketArn(scene: Scene, path: string): string {
  return `arn:${scene.world.partition}:s3:::${path}`;
}
