import { quoteText } from "../../src/core/sql-text.ts";

/** What an investigator asks, in SQL that both engines know. */
export interface Question {
  readonly what: string;
  readonly sql: string;
  /** The leaves that must be read of Parquet, with dots; undefined for all. */
  readonly leaves: readonly string[] | undefined;
  /** A leaf of which wanted records have a value, or one of these values. */
  readonly filter: { readonly leaf: string; readonly oneOf?: readonly string[] } | undefined;
  /** The only day that is asked for. */
  readonly day?: string;
  /** How many times as fast the lake is to answer, on DuckDB. */
  readonly timesAsFast?: number;
}

/** Somebody and something that is rare among the logs, so that it is a search for a needle. */
export interface Needles {
  readonly accessKey: string;
  readonly eventId: string;
  readonly address: string;
  readonly principal: string;
}

export const NEEDLE_COLUMNS: Readonly<Record<keyof Needles, string>> = {
  accessKey: "useridentity.accesskeyid",
  eventId: "eventid",
  address: "sourceipaddress",
  principal: "useridentity.arn",
};

/** One of the rarest, and not the first by name, which would lie at an end of what statistics say. */
export function printNeedleQuery(column: string): string {
  return `SELECT ${column} AS needle FROM cloudtrail WHERE ${column} != '' GROUP BY 1 ORDER BY count(*), md5(${column}) LIMIT 1`;
}

const TRAIL_EVENTS = ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"];

export function listQuestions({ accessKey, eventId, address, principal }: Needles): Question[] {
  return [
    {
      what: "who runs into errors",
      sql: `SELECT useridentity.arn, errorcode, count(*) AS events FROM cloudtrail WHERE errorcode != '' GROUP BY useridentity.arn, errorcode ORDER BY events DESC LIMIT 50`,
      leaves: ["useridentity.arn", "errorcode"],
      filter: { leaf: "errorcode" },
      timesAsFast: 30,
    },
    findNeedle("what one access key did", {
      leaf: NEEDLE_COLUMNS.accessKey,
      value: accessKey,
      timesAsFast: 50,
      shown: ["eventtime", "eventname", "sourceipaddress", "errorcode"],
    }),
    findNeedle("what came from one address", {
      leaf: NEEDLE_COLUMNS.address,
      value: address,
      shown: ["eventtime", "eventname", "useridentity.arn", "errorcode"],
    }),
    findNeedle("one principal's calls", {
      leaf: NEEDLE_COLUMNS.principal,
      value: principal,
      shown: ["eventtime", "eventname", "sourceipaddress", "requestparameters"],
    }),
    findNeedle("one event by its id", {
      leaf: NEEDLE_COLUMNS.eventId,
      value: eventId,
      shown: ["eventtime", "eventname", "useridentity.arn", "requestparameters"],
    }),
    {
      what: "logins to the console without MFA",
      sql: `SELECT eventtime, useridentity.arn, sourceipaddress FROM cloudtrail WHERE eventname = 'ConsoleLogin' AND additionaleventdata LIKE '%"MFAUsed":"No"%'`,
      leaves: ["eventtime", "useridentity.arn", "sourceipaddress", "eventname", "additionaleventdata"],
      filter: { leaf: "eventname", oneOf: ["ConsoleLogin"] },
    },
    {
      what: "who stopped or changed a trail",
      sql: `SELECT eventtime, useridentity.arn, eventname, requestparameters, errorcode FROM cloudtrail WHERE eventname IN (${TRAIL_EVENTS.map(quoteText).join(", ")})`,
      leaves: ["eventtime", "useridentity.arn", "eventname", "requestparameters", "errorcode"],
      filter: { leaf: "eventname", oneOf: TRAIL_EVENTS },
    },
    {
      what: "all columns of all events of one day",
      sql: "SELECT * FROM cloudtrail WHERE year = '2026' AND month = '11' AND day = '17'",
      leaves: undefined,
      filter: undefined,
      day: "2026-11-17",
    },
  ];
}

interface Needle extends Pick<Question, "timesAsFast"> {
  readonly leaf: string;
  readonly value: string;
  readonly shown: readonly string[];
}

function findNeedle(what: string, { leaf, value, shown, ...rest }: Needle): Question {
  return {
    what,
    sql: `SELECT ${shown.join(", ")} FROM cloudtrail WHERE ${leaf} = ${quoteText(value)}`,
    leaves: [...shown, leaf],
    filter: { leaf, oneOf: [value] },
    ...rest,
  };
}
