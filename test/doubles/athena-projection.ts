import type { Conditions } from "./athena-conditions.ts";
import { contains, listValues } from "./athena-domain.ts";
import { QueryFailure } from "./athena-failure.ts";
import type { TableColumn, TableRelation } from "./athena-relations.ts";

/** A partition that nobody registered. */
export interface ProjectedPartition {
  readonly values: readonly string[];
  readonly location: string;
}

/**
 * The partitions of a table with partition projection: kinds enum, integer and injected.
 * @throws QueryFailure where the table's properties do not define them
 */
export function listProjected({ stored, keys }: TableRelation, conditions: Conditions): ProjectedPartition[] {
  const parameters = stored.input.Parameters ?? {};
  const template =
    parameters["storage.location.template"] ??
    `${stored.input.StorageDescriptor?.Location?.replace(/\/?$/, "/")}${keys.map(({ name }) => `${name}=\${${name}}/`).join("")}`;
  const missing = keys.find(({ name }) => !template.includes(`\${${name}}`));
  if (missing !== undefined) {
    throw new QueryFailure(
      `INVALID_TABLE_PROPERTY: storage.location.template lacks the partition column ${missing.name}`,
    );
  }
  const choices = keys.map((key) => listChoices(key, parameters, conditions));
  let tuples: string[][] = [[]];
  for (const choice of choices) tuples = tuples.flatMap((tuple) => choice.map((value) => [...tuple, value]));
  return tuples.map((values) => ({
    values,
    location: keys.reduce(
      (text, { name }, index) => text.replaceAll(`\${${name}}`, values[index]!),
      template,
    ),
  }));
}

function listChoices(
  { name, type }: TableColumn,
  parameters: Readonly<Record<string, string>>,
  conditions: Conditions,
): string[] {
  const property = (key: string): string | undefined => parameters[`projection.${name}.${key}`];
  const domain = conditions.get(name);
  const isText = type.kind === "scalar" && type.name === "string";
  const isWanted = (value: string): boolean =>
    domain === undefined || contains(domain, isText ? value : Number(value));
  switch (property("type") ?? "none") {
    case "enum":
      return splitList(property("values")).filter(isWanted);
    case "integer":
      return listIntegers(property("range"), property("interval"), property("digits")).filter(isWanted);
    case "injected": {
      const values = domain === undefined ? undefined : listValues(domain);
      if (values !== undefined) return values.map(String);
      throw new QueryFailure(
        `CONSTRAINT_VIOLATION: For the injected projected partition column ${name}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
      );
    }
    default:
      throw new QueryFailure(`INVALID_TABLE_PROPERTY: projection.${name}.type is ${property("type")}`);
  }
}

function listIntegers(range: string | undefined, interval = "1", digits = "1"): string[] {
  const [first = NaN, last = NaN] = splitList(range).map(Number);
  const values: string[] = [];
  for (let value = first; value <= last; value += Number(interval)) {
    values.push(String(value).padStart(Number(digits), "0"));
  }
  return values;
}

function splitList(text = ""): string[] {
  return text.split(",").map((part) => part.trim());
}
