import {
  castAlice,
  castAssumedRoot,
  castBob,
  castCarol,
  castDirectoryUser,
  castFederatedUser,
  castIdentityCenterUser,
  castOddUser,
  castRoot,
  castUnknown,
} from "./people.ts";
import { castOtherAccount, castRole } from "./services.ts";
import {
  castAdminSession,
  castConfigSession,
  castDelegateSession,
  castDeploySession,
  castFunctionSession,
  castInstanceSession,
} from "./sessions.ts";
import type { Casting } from "./actor.ts";
import { weighted } from "../weighted.ts";

/** Who reads. */
export const drawReader = weighted<Casting>([
  [castAlice, 8],
  [castBob, 8],
  [castCarol, 12],
  [castDeploySession, 20],
  [castAdminSession, 12],
  [castInstanceSession, 16],
  [castFunctionSession, 14],
  [castConfigSession, 16],
  [castFederatedUser, 2],
  [castDelegateSession, 1],
  [castRole, 1],
  [castOtherAccount, 1],
  [castIdentityCenterUser, 1],
  [castOddUser, 1],
]);

/** Who changes things. */
export const drawWriter = weighted<Casting>([
  [castAlice, 16],
  [castBob, 10],
  [castDeploySession, 48],
  [castAdminSession, 12],
  [castInstanceSession, 4],
  [castFunctionSession, 4],
  [castFederatedUser, 1],
  [castDelegateSession, 1],
  [castOddUser, 1],
  [castRoot, 1],
  [castAssumedRoot, 1],
]);

/** Who touches the data. */
export const drawDataUser = weighted<Casting>([
  [castInstanceSession, 45],
  [castFunctionSession, 35],
  [castDeploySession, 6],
  [castBob, 4],
  [castCarol, 3],
  [castFederatedUser, 3],
  [castOtherAccount, 3],
  [castDelegateSession, 1],
]);

/** Who signs in. */
export const drawSignIn = weighted<Casting>([
  [castAlice, 6],
  [castBob, 3],
  [castCarol, 5],
  [castRoot, 1],
  [castDirectoryUser, 2],
  [castIdentityCenterUser, 2],
  [castUnknown, 2],
]);
