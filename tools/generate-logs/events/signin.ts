import { drawSignIn } from "../actors/cast.ts";
import { castIdentityCenterUser } from "../actors/people.ts";
import type { Scene } from "../scene.ts";
import type { EventDetails, EventTemplate } from "./event.ts";
import { always } from "./event.ts";

export const signInEvents: readonly EventTemplate[] = [
  {
    service: "signin",
    name: "ConsoleLogin",
    weight: 8,
    readOnly: false,
    global: true,
    draw: drawSignIn,
    eventType: "AwsConsoleSignIn",
    describe: describeConsoleLogin,
  },
  {
    service: "signin",
    name: "SwitchRole",
    weight: 2,
    readOnly: false,
    global: true,
    draw: drawSignIn,
    eventType: "AwsConsoleSignIn",
    describe: (scene) => ({
      response: { SwitchRole: "Success" },
      additional: { SwitchFrom: scene.account.alice.name, RedirectTo: consoleUrl(scene) },
    }),
  },
  {
    service: "sso",
    name: "Authenticate",
    weight: 3,
    readOnly: false,
    draw: always(castIdentityCenterUser),
    eventType: "AwsServiceEvent",
    describe: ({ random }) => ({
      service: {
        LoginTo: "https://example.awsapps.com/start",
        CredentialType: random.pick(["PASSWORD", "WEBAUTHN"]),
      },
    }),
  },
  {
    service: "cloudshell",
    name: "GetEnvironmentStatus",
    weight: 2,
    readOnly: true,
    draw: drawSignIn,
    eventType: "AwsConsoleAction",
    describe: ({ random }) => ({ request: { EnvironmentId: random.guid() } }),
  },
];

function describeConsoleLogin(scene: Scene): EventDetails {
  const succeeded = scene.random.chance(0.75);
  const additional = {
    LoginTo: consoleUrl(scene),
    MobileVersion: "No",
    MFAUsed: scene.random.chance(0.6) ? "Yes" : "No",
  };
  if (succeeded) return { response: { ConsoleLogin: "Success" }, additional };
  return {
    response: { ConsoleLogin: "Failure" },
    additional,
    error: { errorMessage: "Failed authentication" },
  };
}

function consoleUrl({ region, random }: Scene): string {
  return `https://console.aws.amazon.com/console/home?region=${region}&state=hashArgs%23&isauthcode=true&nonce=${random.hex(8)}`;
}
