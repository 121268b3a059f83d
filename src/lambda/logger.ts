import { Logger } from "@aws-lambda-powertools/logger";
import { SERVICE } from "../core/metric-names.ts";
import { printSafeJson } from "../core/safe-text.ts";

/** Writes a JSON object a line. Logs are read in terminals, and names in a bucket are anyone's who may write there. */
export const logger = new Logger({
  serviceName: SERVICE,
  jsonReplacerFn: (_, value) => (typeof value === "string" ? printSafeJson(value) : value),
});
