import type { Construct } from "constructs";
import { UserError } from "../core/user-error.ts";

/**
 * What the user can put right is told in words, with its place in the app: a stack would only hide them. The hint is a field,
 * which Node prints below the message.
 */
export function inWords<T>(scope: Construct, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const told = new UserError(`${scope.node.path}: ${error.message}`, dropHint(error));
    told.stack = `${told.name}: ${told.message}`;
    throw told;
  }
}

function dropHint({ hint }: UserError): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}
