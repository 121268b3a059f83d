import { splitDay } from "../../src/core/day.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { printJson } from "./json.ts";
import { nameLogKey } from "./log-name.ts";
import { packRecords } from "./pack.ts";
import type { Sample } from "./sample.ts";
import { sampleRecords } from "./sample.ts";

/** Sound files in places and under names that are nearly, but not quite, those of a log file. */
export function* makeNearMisses(sample: Sample): Generator<GeneratedFile> {
  for (const [note, key] of listNearMisses(sample)) {
    const packed = packRecords(key, sampleRecords(sample, 2).map(printJson), note);
    yield { ...packed, records: 0, kind: "other" };
  }
}

function listNearMisses(sample: Sample): readonly (readonly [note: string, key: string])[] {
  const { root, account, region, day } = sample.place;
  const [year] = splitDay(day);
  const date = splitDay(day).join("/");
  const file = nameLogKey(sample).split("/").at(-1) ?? "";
  const above = root.slice(0, root.lastIndexOf("AWSLogs/"));
  return [
    ["an account of 11 digits", `${root}${account.slice(1)}/CloudTrail/${region}/${date}/${file}`],
    ["an account of 13 digits", `${root}0${account}/CloudTrail/${region}/${date}/${file}`],
    ["an account with a letter", `${root}${account.slice(1)}x/CloudTrail/${region}/${date}/${file}`],
    ["cloudtrail in lower case", `${root}${account}/cloudtrail/${region}/${date}/${file}`],
    ["a kind nobody knows", `${root}${account}/CloudTrail-Backup/${region}/${date}/${file}`],
    ["a Region as region=", `${root}${account}/CloudTrail/region=${region}/${date}/${file}`],
    ["no Region", `${root}${account}/CloudTrail/${date}/${file}`],
    ["month 13", `${root}${account}/CloudTrail/${region}/${year}/13/01/${file}`],
    ["month of one digit", `${root}${account}/CloudTrail/${region}/${year}/9/01/${file}`],
    ["day 31 of a month of 30 days", `${root}${account}/CloudTrail/${region}/${year}/09/31/${file}`],
    ["day 0", `${root}${account}/CloudTrail/${region}/${year}/09/00/${file}`],
    ["a date as year=", `${root}${account}/CloudTrail/${region}/year=${year}/month=09/day=01/${file}`],
    ["a folder more", `${root}${account}/CloudTrail/${region}/${date}/retry/${file}`],
    [
      "an organization id too short",
      `${above}AWSLogs/o-short/${account}/CloudTrail/${region}/${date}/${file}`,
    ],
    ["awslogs in lower case", `${above}awslogs/${account}/CloudTrail/${region}/${date}/${file}`],
    ["a hidden file", `${root}${account}/CloudTrail/${region}/${date}/.${file}`],
    ["a file that begins with _", `${root}${account}/CloudTrail/${region}/${date}/_${file}`],
    ["a temporary file", `${root}${account}/CloudTrail/${region}/${date}/${file}.tmp`],
    ["a name that ends in .json", `${root}${account}/CloudTrail/${region}/${date}/${file.slice(0, -3)}`],
  ];
}
