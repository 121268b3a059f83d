import type { Day } from "../../../core/day.ts";
import type { PartitionSet } from "../../../core/partition-set.ts";
import { dayFromTime, parseDay } from "../../../core/day.ts";
import { UserError } from "../../../core/user-error.ts";
import type { Place } from "./places.ts";
import { printRootKey } from "./places.ts";

/** Athena takes `${region}` and the like from the partition's values; the text is AWS's, not JavaScript's. */
const DATE_FOLDERS = "${year}/${month}/${day}/"; // oxlint-disable-line no-template-curly-in-string
const REGION_FOLDER = "${region}"; // oxlint-disable-line no-template-curly-in-string
const SHARED_FOLDERS = "s3://${root}/${account}"; // oxlint-disable-line no-template-curly-in-string

/** CloudTrail has been there since November 2013. */
const FIRST_DAY_OF_ALL = dayFromTime(Date.UTC(2013, 0, 1));

/**
 * The table properties of Athena's partition projection (Athena user guide, "Set up partition projection"): values of
 * account, region and root are listed, days are counted from the first year that is known to the year after the last.
 * @param account undefined for the table of several accounts
 */
export function planProjection(
  account: string | undefined,
  partitions: PartitionSet,
): Record<string, string> {
  const roots = new Set<string>();
  let [first, last] = ["9999", "0000"];
  for (const partition of partitions) {
    for (const root of partition.roots) roots.add(root);
    const year = partition.day.slice(0, 4);
    if (year < first) first = year;
    if (year > last) last = year;
  }
  const [root = ""] = roots;
  const folders = account === undefined ? SHARED_FOLDERS : `${printTemplateRoot(root)}${account}`;
  return {
    "projection.enabled": "true",
    "projection.region.type": "enum",
    "projection.region.values": partitions.regions.join(","),
    ...projectNumber("year", { first, last: String(Number(last) + 1), digits: 4 }),
    ...projectNumber("month", { first: "1", last: "12", digits: 2 }),
    ...projectNumber("day", { first: "1", last: "31", digits: 2 }),
    ...(account === undefined
      ? {
          "projection.account.type": "enum",
          "projection.account.values": partitions.accounts.join(","),
          "projection.root.type": "enum",
          "projection.root.values": [...roots].map(printProjectedRoot).toSorted().join(","),
        }
      : {}),
    "storage.location.template": `${folders}/CloudTrail/${REGION_FOLDER}/${DATE_FOLDERS}`,
  };
}

function projectNumber(
  key: string,
  { first, last, digits }: { readonly first: string; readonly last: string; readonly digits: number },
): Record<string, string> {
  return {
    [`projection.${key}.type`]: "integer",
    [`projection.${key}.range`]: `${first},${last}`,
    [`projection.${key}.digits`]: String(digits),
  };
}

/** A root as a listed value: commas part those, and $ and \ mean something where they are put into the template. */
function printProjectedRoot(root: string): string {
  return refuseCharacters(printRootKey(root), /[,$\\]/);
}

/** A root as a part of the template. */
function printTemplateRoot(root: string): string {
  return refuseCharacters(root, /\$\{/);
}

function refuseCharacters(text: string, refused: RegExp): string {
  const [found] = refused.exec(text) ?? [];
  if (found === undefined) return text;
  throw new UserError(`the prefix ${text} has "${found}", which partition projection cannot have`, {
    hint: "set partitions: registered in the configuration file",
  });
}

/**
 * What the properties of a projected table say about accounts, Regions, roots and years: each with the last day of each year
 * but the one that is ahead, so that a later run knows of them though nothing is registered, whatever it has listed itself.
 */
export function* listProjected(
  account: string | undefined,
  parameters: Readonly<Record<string, string>>,
): Generator<Place> {
  const values = (key: string): string[] => (parameters[`projection.${key}.values`] ?? "").split(",");
  const template = parameters["storage.location.template"] ?? "";
  for (const owner of account === undefined ? values("account") : [account]) {
    const roots =
      account === undefined
        ? values("root").map((key) => `s3://${key}/`)
        : [template.slice(0, template.indexOf(`${account}/CloudTrail/`))];
    for (const root of roots)
      for (const region of values("region"))
        for (const day of listYears(parameters)) yield { account: owner, region, day, root };
  }
}

/** The first day of the first year that a table is projected from. */
export function readFirstDay(parameters: Readonly<Record<string, string>>): Day {
  const year = (parameters["projection.year.range"] ?? "").slice(0, 4);
  return parseDay(`${year}-01-01`) ?? FIRST_DAY_OF_ALL;
}

function* listYears(parameters: Readonly<Record<string, string>>): Generator<Day> {
  const [first = NaN, end = NaN] = (parameters["projection.year.range"] ?? "").split(",").map(Number);
  for (let year = first; year < end; year++) {
    const day = parseDay(`${year}-12-31`);
    if (day !== undefined) yield day;
  }
}
