import { readFileSync } from "node:fs";

/** Stands in for package.json in a bundle. */
declare const BUNDLED_VERSION: string | undefined;

/** This package's version, as its package.json has it. */
export function readVersion(): string {
  if (typeof BUNDLED_VERSION === "string") return BUNDLED_VERSION;
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
