import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { UserError } from "../core/user-error.ts";
import type { Configuration } from "./configuration.ts";
import { dropUndefined, parseConfiguration, readEnvironment } from "./configuration.ts";
import { isUrl } from "./lake-place.ts";

/** Looked for in the working directory where no --config is given. */
export const DEFAULT_CONFIG_FILE = "cloudtrail-partitioner.yaml";

/**
 * Reads the configuration: the environment over the file. Paths in the file are relative to the file.
 * @param file undefined for the default file, which may be missing
 * @throws UserError naming the file, and the key with the nearest known one
 */
export async function readConfiguration(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Configuration> {
  const fromFile = await readConfigurationFile(file);
  const fromEnvironment = readEnvironment(environment);
  // A bucket in the environment is a place of logs too, and wins over the file's.
  const replaced = fromEnvironment.s3_bucket_containing_logs === undefined ? {} : { logs: undefined };
  return { ...fromFile, ...replaced, ...fromEnvironment };
}

async function readConfigurationFile(file: string | undefined): Promise<Configuration> {
  const path = resolve(file ?? DEFAULT_CONFIG_FILE);
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    if (file === undefined && error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new UserError(`the configuration file ${path} cannot be read: ${String(error)}`, {
      hint: "name another with --config",
      cause: error,
    });
  }
  const configuration = parseConfiguration(parseYaml(content, path), path);
  const { logs, lake, database } = configuration;
  const folder = dirname(path);
  return {
    ...configuration,
    ...dropUndefined({
      logs: logs === undefined || /^s3:\/\//i.test(logs) ? logs : resolve(folder, logs),
      // What is no place of a lake is refused as it stands, where the lake is opened.
      lake: lake === undefined || isUrl(lake) ? lake : resolve(folder, lake),
      // A name without a dot or a slash is a Glue database's.
      database: database === undefined || /^\w+$/.test(database) ? database : resolve(folder, database),
    }),
  };
}

function parseYaml(content: string, path: string): unknown {
  const document = parseDocument(content, { schema: "failsafe" });
  const [fault] = document.errors;
  if (fault !== undefined)
    throw new UserError(`the configuration file ${path} is not YAML: ${fault.message}`);
  try {
    return document.toJS() || {};
  } catch (error) {
    throw new UserError(`the configuration file ${path} is not YAML: ${String(error)}`, { cause: error });
  }
}
