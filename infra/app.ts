import { App } from "aws-cdk-lib";
import { readConfiguration } from "../src/config/configuration-file.ts";
import { decideDeployment } from "../src/config/deployment.ts";
import { UserError } from "../src/core/user-error.ts";
import { makeStack } from "./stack.ts";

// Synthesized here, and not as Node exits: an error then would be told as a bug.
const app = new App({ autoSynth: false });
try {
  const file = app.node.tryGetContext("config") as string | undefined;
  const name = app.node.tryGetContext("stack") as string | undefined;
  makeStack(app, decideDeployment(await readConfiguration(file, process.env)), name);
  app.synth();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  const hint = error.hint === undefined ? "" : `hint: ${error.hint}\n`;
  process.stderr.write(`error: ${error.message}\n${hint}`);
  process.exitCode = 1;
}
