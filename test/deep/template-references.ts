/** What stands in a template for a value that only the stack knows. */
class Reference {
  readonly output: string;

  constructor(output: string) {
    this.output = output;
  }
}

/** Has CloudFormation itself work out what stands in a template: each reference becomes an output of the stack. */
export class TemplateReferences {
  readonly #outputs: Record<string, { readonly Value: unknown }> = {};

  /** The same value, with its references set aside. */
  hold(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => this.hold(one));
    const entries = Object.entries(value);
    if (entries.length !== 1 || !/^(Ref$|Fn::)/.test(entries[0]?.[0] ?? "")) {
      return Object.fromEntries(entries.map(([key, one]) => [key, this.hold(one)]));
    }
    const output = `Reference${Object.keys(this.#outputs).length}`;
    this.#outputs[output] = { Value: value };
    return new Reference(output);
  }

  /** To be added to the template's own. */
  toOutputs(): object {
    return this.#outputs;
  }

  /** What `hold` gave, with the references filled in. */
  fill(value: unknown, outputs: ReadonlyMap<string, string>): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Reference) return outputs.get(value.output);
    if (Array.isArray(value)) return value.map((one) => this.fill(one, outputs));
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.fill(one, outputs)]));
  }
}
