import type { Actor, Casting } from "../actors/actor.ts";
import type { JsonObject } from "../json.ts";
import type { Random } from "../prng.ts";
import type { Scene } from "../scene.ts";

/** One kind of event, as often as its weight says among those of its category. */
export interface EventTemplate {
  /** "ec2" for "ec2.amazonaws.com". */
  readonly service: string;
  readonly name: string;
  /** A whole number. */
  readonly weight: number;
  readonly readOnly: boolean;
  /** Who does it. */
  readonly draw: (random: Random) => Casting;
  /** Whether it is a data event, which trails leave out unless told otherwise. */
  readonly data?: true;
  /** Whether the service has no Regions, and logs in the partition's first. */
  readonly global?: true;
  readonly apiVersion?: string;
  readonly eventType?: "AwsServiceEvent" | "AwsConsoleSignIn" | "AwsConsoleAction";
  /** Which of its errors occur besides being denied. */
  readonly errors?: readonly ApiError[];
  /** What the scene and the actor leave open. */
  readonly describe: (scene: Scene, actor: Actor) => EventDetails;
}

export interface ApiError {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** The fields that vary by event; a missing request or response is null in the record. */
export interface EventDetails {
  readonly request?: JsonObject;
  readonly response?: JsonObject;
  readonly additional?: JsonObject;
  readonly resources?: readonly JsonObject[];
  readonly service?: JsonObject;
  readonly edgeDevice?: JsonObject;
  /** A failure that belongs to the event itself, such as a wrong password. */
  readonly error?: Partial<ApiError>;
  /** Whether another account logs the same action. */
  readonly shared?: boolean;
}

/** A draw that always finds the same casting. */
export function always(casting: Casting): (random: Random) => Casting {
  return () => casting;
}

export const THROTTLED: ApiError = { errorCode: "ThrottlingException", errorMessage: "Rate exceeded" };
