import type { Actor } from "./actors/actor.ts";
import type { ApiError, EventTemplate } from "./events/event.ts";
import type { Random } from "./prng.ts";

/** Of the calls that can fail; what services do by themselves succeeds. */
const ERROR_SHARE = 0.085;
/** Of the failures, those that lack a permission. */
const DENIED_SHARE = 0.6;

/** How the call fails, if it does; most failures are for want of a permission. */
export function drawError(random: Random, template: EventTemplate, actor: Actor): ApiError | undefined {
  if (template.eventType !== undefined || !actor.tls || !random.chance(ERROR_SHARE)) return undefined;
  const [first, ...rest] = template.errors ?? [];
  if (first === undefined || random.chance(DENIED_SHARE)) return deny(random, template, actor);
  return random.pick([first, ...rest]);
}

/** What AWS answers when a permission is missing. */
export function deny(random: Random, { service, name }: EventTemplate, actor: Actor): ApiError {
  if (service === "ec2") {
    const errorMessage = `You are not authorized to perform this operation. User: ${actor.name} is not authorized to perform: ec2:${name} because no identity-based policy allows the ec2:${name} action. Encoded authorization failure message: ${random.hex(120)}`;
    return { errorCode: "Client.UnauthorizedOperation", errorMessage };
  }
  const reason = random.chance(0.2)
    ? "with an explicit deny in a service control policy"
    : `because no identity-based policy allows the ${service}:${name} action`;
  const errorMessage = `User: ${actor.name} is not authorized to perform: ${service}:${name} on resource: * ${reason}`;
  return { errorCode: random.chance(0.8) ? "AccessDenied" : "AccessDeniedException", errorMessage };
}
