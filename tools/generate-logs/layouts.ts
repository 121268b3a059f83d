import type { Layout, Settings } from "./options.ts";
import type { World } from "./world.ts";

/** Where in time, and in the account's files, a file stands. */
export interface FilePlace {
  readonly account: number;
  /** Of its account, counted from 0. */
  readonly file: number;
  /** From 0, the first day, to 1, the last. */
  readonly progress: number;
}

/** The roots that the bucket can have: each ends with `AWSLogs/`, or with `AWSLogs/` and the organization. */
export interface Roots {
  readonly account: string;
  readonly organization: string;
  /** Control Tower's prefix is the organization too. */
  readonly controlTower: string;
  /** The account trails from before landing zone 3.0, which stay beside. */
  readonly controlTowerAccount: string;
}

export function planRoots({ prefix }: Settings, { organization }: World): Roots {
  return {
    account: `${prefix}AWSLogs/`,
    organization: `${prefix}AWSLogs/${organization}/`,
    controlTower: `${prefix}${organization}/AWSLogs/${organization}/`,
    controlTowerAccount: `${prefix}${organization}/AWSLogs/`,
  };
}

/** The root that a file lies under. */
export function chooseRoot({ layout }: Settings, roots: Roots, place: FilePlace): string {
  return CHOICES[layout](roots, place);
}

const CHOICES: Readonly<Record<Layout, (roots: Roots, place: FilePlace) => string>> = {
  account: (roots) => roots.account,
  organization: (roots) => roots.organization,
  "control-tower": (roots) => roots.controlTower,
  mixed: chooseMixedRoot,
};

/** By turns: an account that moved to Control Tower half way, one with two trails at once, one of the organization only. */
function chooseMixedRoot(roots: Roots, { account, file, progress }: FilePlace): string {
  switch (account % 3) {
    case 0:
      return progress < 0.5 || (progress < 0.6 && file % 2 === 0)
        ? roots.controlTowerAccount
        : roots.controlTower;
    case 1:
      return file % 2 === 0 ? roots.account : roots.organization;
    default:
      return roots.organization;
  }
}
