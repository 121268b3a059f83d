/** A policy of IAM as JSON has it; one item may stand for a list of one. */
export interface PolicyText {
  readonly Version?: string;
  readonly Statement: readonly object[] | object;
}

/** A statement that was checked to have only what is known here. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly operator: keyof typeof OPERATORS;
  /** In small letters: IAM minds no case of keys. */
  readonly key: string;
  readonly values: readonly string[];
}

/** One resource of a call. */
export interface AskedFor {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

const OPERATORS = {
  StringLike: isLike,
  StringEquals: (text: string, value: string) => text === unescape(value),
} as const;

const MEMBERS = new Set(["Sid", "Effect", "Action", "Resource", "Condition"]);

/** @throws Error where a statement has what is not known here: it must not count as allowing nothing, or everything */
export function readStatements({ Statement: statements }: PolicyText): Statement[] {
  return toList(statements).map((statement) => {
    const { Effect, Action, Resource, Condition = {} } = statement as Readonly<Record<string, object>>;
    const odd = Object.keys(statement).find((member) => !MEMBERS.has(member));
    if (odd !== undefined) throw new Error(`the double knows no ${odd} in a policy`);
    if ((Effect as unknown) !== "Allow") throw new Error(`the double knows no Effect ${String(Effect)}`);
    return {
      actions: readTexts(Action, "Action"),
      resources: readTexts(Resource, "Resource"),
      conditions: Object.entries(Condition).flatMap(([operator, keys]) => readConditions(operator, keys)),
    };
  });
}

export function isAllowed(
  statements: readonly Statement[],
  { action, resource, context }: AskedFor,
): boolean {
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return statements.some(
    ({ actions, resources, conditions }) =>
      // Actions' names have no case (IAM's guide, "IAM JSON policy elements: Action").
      actions.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase())) &&
      resources.some((pattern) => isLike(resource, pattern)) &&
      conditions.every(({ operator, key, values }) => {
        const text = known.get(key);
        return text !== undefined && values.some((value) => OPERATORS[operator](text, value));
      }),
  );
}

function readConditions(operator: string, keys: unknown): Condition[] {
  if (!Object.hasOwn(OPERATORS, operator)) throw new Error(`the double knows no condition ${operator}`);
  return Object.entries(keys as object).map(([key, values]) => ({
    operator: operator as Condition["operator"],
    key: key.toLowerCase(),
    values: readTexts(values, key),
  }));
}

function readTexts(value: unknown, name: string): string[] {
  const texts = toList(value);
  if (texts.length === 0 || !texts.every((text) => typeof text === "string")) {
    throw new Error(`the double wants text or texts for ${name}, not ${JSON.stringify(value)}`);
  }
  return texts;
}

function toList<T>(value: T | readonly T[]): T[] {
  return Array.isArray(value) ? [...value] : [value as T];
}

/** `${*}`, `${?}` and `${$}` are those characters; `*` and `?` are wildcards (IAM's guide, "Policy variables"). */
const TOKEN = /\$\{[^}]*\}|[*?]|[^*?$]+|\$/g;

/** @throws Error for a variable, such as `${aws:username}` */
export function isLike(text: string, pattern: string): boolean {
  const parts = (pattern.match(TOKEN) ?? []).map((token) => {
    if (token === "*") return ".*";
    return token === "?" ? "." : unescape(token).replaceAll(/[.+*?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join("")}$`, "su").test(text);
}

function unescape(text: string): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (whole, name: string) => {
    if (/^[*?$]$/.test(name)) return name;
    throw new Error(`the double knows no variable ${whole} in a policy`);
  });
}
