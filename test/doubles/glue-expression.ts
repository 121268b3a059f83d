import type { Column } from "@aws-sdk/client-glue";
import { AwsError } from "./aws-json.ts";

type Filter = (values: readonly string[]) => boolean;

const TOKEN = /\s*(?:('(?:[^']|'')*')|(<=|>=|<>|!=|[=<>(),])|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|"([^"]+)")/y;
const NUMBERS = /^(tinyint|smallint|int|bigint|long|decimal.*)$/;

/**
 * A filter of GetPartitions: comparisons, IN, BETWEEN, AND, OR, NOT and parentheses.
 * @throws AwsError where it cannot be understood, or names no partition key
 */
export function parsePartitionFilter(text: string | undefined, keys: readonly Column[]): Filter | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  return new Parser(text, keys).parse();
}

class Parser {
  readonly #text: string;
  readonly #tokens: string[];
  readonly #keys: readonly Column[];
  #at = 0;

  constructor(text: string, keys: readonly Column[]) {
    this.#text = text;
    this.#keys = keys;
    this.#tokens = this.#split();
  }

  parse(): Filter {
    const filter = this.#parseOr();
    if (this.#at < this.#tokens.length) this.#refuse();
    return filter;
  }

  #split(): string[] {
    const tokens: string[] = [];
    const pattern = new RegExp(TOKEN.source, "y");
    const text = this.#text.trimEnd();
    while (pattern.lastIndex < text.length) {
      const match = pattern.exec(text);
      if (match === null) return this.#refuse();
      tokens.push(match[5] ?? match[0].trim());
    }
    return tokens;
  }

  #parseOr(): Filter {
    let left = this.#parseAnd();
    while (this.#take("OR")) {
      const [a, b] = [left, this.#parseAnd()];
      left = (values) => a(values) || b(values);
    }
    return left;
  }

  #parseAnd(): Filter {
    let left = this.#parseNot();
    while (this.#take("AND")) {
      const [a, b] = [left, this.#parseNot()];
      left = (values) => a(values) && b(values);
    }
    return left;
  }

  #parseNot(): Filter {
    if (this.#take("NOT")) {
      const inner = this.#parseNot();
      return (values) => !inner(values);
    }
    if (!this.#take("(")) return this.#parseComparison();
    const inner = this.#parseOr();
    this.#expect(")");
    return inner;
  }

  #parseComparison(): Filter {
    const compare = this.#parseKey();
    const negated = this.#take("NOT");
    if (this.#take("IN")) {
      this.#expect("(");
      const wanted = [this.#parseLiteral()];
      while (this.#take(",")) wanted.push(this.#parseLiteral());
      this.#expect(")");
      return (values) => wanted.some((literal) => compare(values, literal) === 0) !== negated;
    }
    if (this.#take("BETWEEN")) {
      const low = this.#parseLiteral();
      this.#expect("AND");
      const high = this.#parseLiteral();
      return (values) => (compare(values, low) >= 0 && compare(values, high) <= 0) !== negated;
    }
    const test = COMPARISONS[this.#next()];
    if (test === undefined || negated) return this.#refuse();
    const literal = this.#parseLiteral();
    return (values) => test(compare(values, literal));
  }

  /** A comparison of the key's value with a literal: below, at or above 0. */
  #parseKey(): (values: readonly string[], literal: string) => number {
    const name = this.#next().toLowerCase();
    const index = this.#keys.findIndex((key) => key.Name?.toLowerCase() === name);
    if (index < 0) return this.#refuse();
    if (NUMBERS.test(this.#keys[index]?.Type ?? "")) {
      return (values, literal) => Number(values[index]) - Number(literal);
    }
    return (values, literal) => (values[index]! < literal ? -1 : values[index] === literal ? 0 : 1);
  }

  #parseLiteral(): string {
    const token = this.#next();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    return /^-?\d/.test(token) ? token : this.#refuse();
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? this.#refuse();
  }

  #take(word: string): boolean {
    if (this.#tokens[this.#at]?.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word)) this.#refuse();
  }

  #refuse(): never {
    throw new AwsError("InvalidInputException", `Unsupported expression '${this.#text}'`);
  }
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};
