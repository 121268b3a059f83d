import { Token } from "aws-cdk-lib";

/**
 * Keeps values that only a deployment knows, CDK's tokens, away from code that looks at texts: stand-ins go in, and in what
 * comes out the tokens take their places.
 */
export class HeldTokens {
  readonly #tokens = new Map<string, string>();

  /** @param standIn a text that is valid in the value's place, and that stands nowhere else */
  hold(value: string, standIn: string): string {
    if (!Token.isUnresolved(value)) return value;
    this.#tokens.set(standIn, value);
    return standIn;
  }

  /** A copy of plain data, with the tokens in its texts at any depth. */
  restore<T>(value: T): T {
    return this.#restore(value) as T;
  }

  #restore(value: unknown): unknown {
    if (typeof value === "string") return this.#restoreText(value);
    if (Array.isArray(value)) return value.map((inner) => this.#restore(inner));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#restore(inner)]));
  }

  #restoreText(text: string): string {
    let restored = text;
    for (const [standIn, token] of this.#tokens) restored = restored.replaceAll(standIn, () => token);
    return restored;
  }
}
