import { describe, expect, test } from "vitest";
import { PARTITION_COLUMNS, printDuckDbType, printJsonType, RECORD_COLUMNS } from "./columns.ts";

/** Duo Labs' cloudtrail-partitioner, in its order. */
const PREDECESSORS_COLUMNS = [
  "eventversion",
  "useridentity",
  "eventtime",
  "eventsource",
  "eventname",
  "awsregion",
  "sourceipaddress",
  "useragent",
  "errorcode",
  "errormessage",
  "requestparameters",
  "responseelements",
  "additionaleventdata",
  "requestid",
  "eventid",
  "resources",
  "eventtype",
  "apiversion",
  "readonly",
  "recipientaccountid",
  "serviceeventdetails",
  "sharedeventid",
  "vpcendpointid",
];

/** AWS's current table definition appends these. */
const AWS_COLUMNS = [
  "vpcendpointaccountid",
  "eventcategory",
  "addendum",
  "sessioncredentialfromconsole",
  "edgedevicedetails",
  "tlsdetails",
];

const names = RECORD_COLUMNS.map(({ name }) => name.toLowerCase());

function typeOf(column: string): string {
  const type = RECORD_COLUMNS.find(({ name }) => name.toLowerCase() === column)?.type;
  return type === undefined ? "missing" : printDuckDbType(type);
}

describe("the columns", () => {
  test("begin with the predecessor's 23, then AWS's newer ones, then ours", () => {
    expect(names).toEqual([...PREDECESSORS_COLUMNS, ...AWS_COLUMNS, "managementevent"]);
  });

  test("have names that differ in lower case, partition columns and account included", () => {
    const all = [...names, ...PARTITION_COLUMNS, "account"];
    expect(new Set(all).size).toBe(all.length);
  });

  test("are partitioned by region, year, month and day", () => {
    expect(PARTITION_COLUMNS).toEqual(["region", "year", "month", "day"]);
  });

  test.each(["readonly", "managementevent", "requestparameters", "responseelements", "eventtime"])(
    "keep %s as text",
    (column) => {
      expect(typeOf(column)).toBe("VARCHAR");
    },
  );

  test.each([
    ["useridentity", ["type", "principalid", "arn", "accountid", "invokedby", "accesskeyid", "username"]],
    ["resources", ["arn", "accountid", "type"]],
  ])("keep the predecessor's fields of %s in its order", (column, fields) => {
    const positions = fields.map((field) => typeOf(column).indexOf(`"${field}"`));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(Math.min(...positions)).toBeGreaterThan(0);
  });

  test("are those of test/golden/columns.txt, in order, with their types", async () => {
    const lines = RECORD_COLUMNS.flatMap(({ name, type }) => [
      name.toLowerCase(),
      `  JSON    ${name} ${printJsonType(type)}`,
      `  DuckDB  ${printDuckDbType(type)}`,
    ]);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../test/golden/columns.txt");
  });
});
