import type { JsonObject } from "../json.ts";
import type { Origin } from "./origins.ts";
import type { Scene } from "../scene.ts";

/** Who did it, and from where. */
export interface Actor extends Origin {
  readonly userIdentity: JsonObject | null;
  /** How error messages name the actor. */
  readonly name: string;
}

/** Finds an actor for a scene. */
export type Casting = (scene: Scene) => Actor;
