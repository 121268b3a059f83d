import { quoteName } from "./sql-text.ts";

/** What a column holds. CloudTrail's own scalars are all kept as text, as in AWS's table definition. */
export type ColumnType =
  | { readonly kind: "string" }
  | { readonly kind: "map" }
  | { readonly kind: "array"; readonly element: ColumnType }
  | { readonly kind: "struct"; readonly fields: readonly Column[] };

/** A field of the record: `name` as CloudTrail's JSON spells it; its column has the same name in lower case. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

const string: ColumnType = { kind: "string" };

function strings(...names: string[]): Column[] {
  return names.map((name) => ({ name, type: string }));
}

function struct(name: string, ...fields: Column[]): Column {
  return { name, type: { kind: "struct", fields } };
}

const SESSION_CONTEXT = struct(
  "sessionContext",
  struct("attributes", ...strings("mfaAuthenticated", "creationDate")),
  struct("sessionIssuer", ...strings("type", "principalId", "arn", "accountId", "userName")),
  ...strings("ec2RoleDelivery"),
  struct("webIdFederationData", ...strings("federatedProvider"), {
    name: "attributes",
    type: { kind: "map" },
  }),
  ...strings("sourceIdentity", "assumedRoot", "signInSessionArn"),
);

const USER_IDENTITY = struct(
  "userIdentity",
  ...strings("type", "principalId", "arn", "accountId", "invokedBy", "accessKeyId", "userName"),
  SESSION_CONTEXT,
  struct("onBehalfOf", ...strings("userId", "identityStoreArn")),
  struct("inScopeOf", ...strings("sourceArn", "sourceAccount", "issuerType", "credentialsIssuedTo")),
  ...strings("identityProvider", "credentialId"),
  struct("invokedByDelegate", ...strings("accountId")),
);

const RESOURCES: Column = {
  name: "resources",
  type: {
    kind: "array",
    element: { kind: "struct", fields: strings("ARN", "accountId", "type", "ARNPrefix") },
  },
};

/**
 * The columns of every CloudTrail table, in order: the 23 of Duo Labs' cloudtrail-partitioner, then each newer field of the
 * record (CloudTrail record reference 1.11). Only ever append: Athena matches a partition's columns by position.
 */
export const RECORD_COLUMNS: readonly Column[] = [
  ...strings("eventVersion"),
  USER_IDENTITY,
  ...strings("eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent"),
  ...strings("errorCode", "errorMessage", "requestParameters", "responseElements", "additionalEventData"),
  ...strings("requestID", "eventID"),
  RESOURCES,
  ...strings("eventType", "apiVersion", "readOnly", "recipientAccountId", "serviceEventDetails"),
  ...strings("sharedEventID", "vpcEndpointId"),
  ...strings("vpcEndpointAccountId", "eventCategory"),
  struct("addendum", ...strings("reason", "updatedFields", "originalRequestID", "originalEventID")),
  ...strings("sessionCredentialFromConsole", "edgeDeviceDetails"),
  struct("tlsDetails", ...strings("tlsVersion", "cipherSuite", "clientProvidedHostHeader", "keyExchange")),
  ...strings("managementEvent"),
];

/** The partition columns, in order; all text, so that Athena prunes them on the server. */
export const PARTITION_COLUMNS = ["region", "year", "month", "day"] as const;

/** The DuckDB type with names as the JSON spells them, which DuckDB's JSON reader matches case and all. */
export function printJsonType(type: ColumnType): string {
  return printType(type, { ...DUCKDB, field: (name, inner) => `${quoteName(name)} ${inner}` });
}

/** The DuckDB type with Athena's lower-case names. */
export function printDuckDbType(type: ColumnType): string {
  return printType(type, DUCKDB);
}

/** The type as Glue and Hive spell it: `struct<type:string,arn:string>`. */
export function printHiveType(type: ColumnType): string {
  return printType(type, HIVE);
}

/** The type as Trino spells it, and Athena in the columns of a view: `row(type varchar, arn varchar)`. */
export function printTrinoType(type: ColumnType): string {
  return printType(type, TRINO);
}

/** How an engine writes types. */
interface Spelling {
  readonly string: string;
  readonly map: string;
  array(element: string): string;
  struct(fields: readonly string[]): string;
  field(name: string, type: string): string;
}

const DUCKDB: Spelling = {
  string: "VARCHAR",
  map: "MAP(VARCHAR, VARCHAR)",
  array: (element) => `${element}[]`,
  struct: (fields) => `STRUCT(${fields.join(", ")})`,
  field: (name, type) => `${quoteName(name.toLowerCase())} ${type}`,
};

const HIVE: Spelling = {
  string: "string",
  map: "map<string,string>",
  array: (element) => `array<${element}>`,
  struct: (fields) => `struct<${fields.join(",")}>`,
  field: (name, type) => `${name.toLowerCase()}:${type}`,
};

const TRINO: Spelling = {
  string: "varchar",
  map: "map(varchar, varchar)",
  array: (element) => `array(${element})`,
  struct: (fields) => `row(${fields.join(", ")})`,
  field: (name, type) => `${name.toLowerCase()} ${type}`,
};

function printType(type: ColumnType, spelling: Spelling): string {
  switch (type.kind) {
    case "string":
      return spelling.string;
    case "map":
      return spelling.map;
    case "array":
      return spelling.array(printType(type.element, spelling));
    case "struct":
      return spelling.struct(
        type.fields.map(({ name, type: inner }) => spelling.field(name, printType(inner, spelling))),
      );
  }
}
