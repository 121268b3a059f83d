import type { JsonObject } from "../json.ts";
import type { Scene } from "../scene.ts";
import { printTime } from "../scene.ts";

const LONGEST_SESSION = 4 * 3_600_000;

/** When the session began, and whether with a second factor; both are strings in the record. */
export function printAttributes({ time, random }: Scene, mfaAuthenticated: "true" | "false"): JsonObject {
  return { creationDate: printTime(time - random.below(LONGEST_SESSION)), mfaAuthenticated };
}
