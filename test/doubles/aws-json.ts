import type { DoubleResponse } from "./service.ts";

/** What a service answers when it refuses: its name is the code, as the SDK reports it. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A body that is JSON text already: listings of a million partitions are joined from pieces. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One operation: the parsed input, trusted to be of the SDK's type, to the output. */
export type JsonOperation = (input: never) => object | Promise<object>;

export type JsonOperations = Readonly<Record<string, JsonOperation>>;

/** A service of AWS's JSON 1.1 protocol. */
export interface JsonService {
  /** "Glue" */
  readonly name: string;
  /** The end of what stands before the operation in X-Amz-Target: "AWSGlue". */
  readonly target: string;
  readonly operations: JsonOperations;
}

/** Answers; errors are answers too. */
export async function callJson(
  { operations }: JsonService,
  operation: string,
  input: unknown,
): Promise<DoubleResponse> {
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  try {
    if (run === undefined) throw new AwsError("UnknownOperationException", `no operation ${operation}`);
    const output = await run(input as never);
    return printJson(200, output instanceof JsonText ? output.text : JSON.stringify(output));
  } catch (error) {
    if (error instanceof AwsError) return printJsonError(error);
    return printJsonError(new AwsError("InternalServiceException", String((error as Error).stack), 500));
  }
}

export function printJsonError({ status, code, message }: AwsError): DoubleResponse {
  return printJson(status, JSON.stringify({ __type: code, Message: message, message }));
}

function printJson(status: number, body: string): DoubleResponse {
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body };
}

/** @throws AwsError as AWS's checks of an input's shape do, where the list is too long */
export function checkLength(list: readonly unknown[] | undefined, name: string, most: number): void {
  if ((list?.length ?? 0) <= most) return;
  refuse(name, `Member must have length less than or equal to ${most}`);
}

/** @throws AwsError as AWS's checks of an input's shape do, where the text is too long */
export function checkText(text: string | undefined, name: string, most: number): void {
  if ((text?.length ?? 0) <= most) return;
  refuse(name, `Member must have length less than or equal to ${most}`);
}

/** @throws AwsError where the number is below `least` or above `most` */
export function checkRange(value: number | undefined, name: string, [least, most]: [number, number]): void {
  if (value === undefined) return;
  if (value < least) refuse(name, `Member must have value greater than or equal to ${least}`);
  if (value > most) refuse(name, `Member must have value less than or equal to ${most}`);
}

/** @throws AwsError where a member that must be there is not */
export function need<T>(value: T | undefined | null, name: string): T {
  if (value === undefined || value === null) return refuse(name, "Member must not be null");
  return value;
}

/** Seconds since 1970, as JSON 1.1 has dates. */
export function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds) / 1000;
}

function refuse(name: string, constraint: string): never {
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: ${constraint}`,
  );
}
