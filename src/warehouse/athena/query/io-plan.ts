import { z } from "zod";
import { UserError } from "../../../core/user-error.ts";

/** An end of a range; a value of undefined is no end at all. */
export interface Bound {
  readonly value: string | undefined;
  readonly isIncluded: boolean;
}

export interface Range {
  readonly low: Bound;
  readonly high: Bound;
}

/** What a scan wants of a column. */
export interface ColumnConstraint {
  /** In lower case. */
  readonly column: string;
  readonly isNullAllowed: boolean;
  readonly ranges: readonly Range[];
}

/** One scan of a table; the plan has equal ones only once. */
export interface TableScan {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  /** Undefined where nothing can fit. */
  readonly constraints: readonly ColumnConstraint[] | undefined;
}

const bound = z.object({ value: z.string().nullish(), bound: z.enum(["BELOW", "EXACTLY", "ABOVE"]) });

const columnConstraint = z.object({
  columnName: z.string(),
  domain: z.object({
    nullsAllowed: z.boolean(),
    ranges: z.array(z.object({ low: bound, high: bound })),
  }),
});

/** Trino's IoPlanPrinter has `constraint`, its ancestors had `columnConstraints` in its place. */
const ioPlan = z.object({
  inputTableColumnInfos: z.array(
    z
      .object({
        table: z.object({
          catalog: z.string(),
          schemaTable: z.object({ schema: z.string(), table: z.string() }),
        }),
        constraint: z
          .union([
            z.array(columnConstraint),
            z.object({ none: z.boolean().default(false), columnConstraints: z.array(columnConstraint) }),
          ])
          .optional(),
        columnConstraints: z.array(columnConstraint).optional(),
      })
      .refine(
        ({ constraint, columnConstraints }) => constraint !== undefined || columnConstraints !== undefined,
      ),
  ),
});

/**
 * Reads what `EXPLAIN (TYPE IO, FORMAT JSON)` answers.
 * @throws UserError where it is of a form that is not known
 */
export function parseIoPlan(text: string): TableScan[] {
  const plan = ioPlan.safeParse(parseJson(text));
  if (!plan.success) {
    throw new UserError(
      `no estimate can be made: Athena's plan is of an unknown form, ${text.slice(0, 100)}`,
      {
        hint: "run the query without --estimate and --max-scan; a workgroup's own limit holds for every query in it",
        cause: plan.error,
      },
    );
  }
  return plan.data.inputTableColumnInfos.map(({ table, constraint, columnConstraints = [] }) => ({
    catalog: table.catalog,
    schema: table.schemaTable.schema,
    table: table.schemaTable.table,
    constraints: readConstraints(constraint ?? columnConstraints),
  }));
}

/** The answer may have the column's name above it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  } catch {
    return undefined;
  }
}

type RawConstraint = z.infer<typeof columnConstraint>;

function readConstraints(
  raw:
    | readonly RawConstraint[]
    | { readonly none: boolean; readonly columnConstraints: readonly RawConstraint[] },
): ColumnConstraint[] | undefined {
  if ("none" in raw) return raw.none ? undefined : raw.columnConstraints.map(readConstraint);
  return raw.map(readConstraint);
}

function readConstraint({ columnName, domain }: RawConstraint): ColumnConstraint {
  return {
    column: columnName.toLowerCase(),
    isNullAllowed: domain.nullsAllowed,
    ranges: domain.ranges.map(({ low, high }) => ({ low: readBound(low), high: readBound(high) })),
  };
}

function readBound({ value, bound: kind }: z.infer<typeof bound>): Bound {
  return { value: value ?? undefined, isIncluded: kind === "EXACTLY" };
}
