import { Random } from "./prng.ts";
import { Stream } from "./stream.ts";

/** Somebody, or a role, with the ids that stay the same in all records. */
export interface Principal {
  readonly name: string;
  readonly principalId: string;
  /** Of the long-lived key; sessions have keys of their own. */
  readonly accessKeyId: string;
}

/** An account and the cast that acts in it. */
export interface Account {
  readonly id: string;
  readonly index: number;
  /** Administers in the console, with a second factor. */
  readonly alice: Principal;
  /** Develops on the command line, without one; the stolen key is the one of the first account's bob. */
  readonly bob: Principal;
  /** Reads, for the auditors. */
  readonly carol: Principal;
  /** What the pipeline assumes. */
  readonly deployRole: Principal;
  /** What people from the identity centre assume. */
  readonly adminRole: Principal;
  /** What the machines of the application assume. */
  readonly instanceRole: Principal;
  readonly functionRole: Principal;
  readonly configRole: Principal;
}

const PATTERN = 900;
const STRIDE = 389;

/**
 * Twelve digits in the manner of AWS's examples, "111122223333"; no two of the first 900,000 are equal.
 * The third account begins with a zero, which a number would lose.
 */
export function inventAccountId(index: number, offset: number): string {
  const pattern = 100 + ((offset + index * STRIDE) % PATTERN);
  const [a = "1", b = "2", c = "3"] = String(pattern);
  if (index === 2) return `0${a.repeat(3)}${b.repeat(4)}${c.repeat(4)}`;
  const last = (Number(c.repeat(3)) + Math.floor(index / PATTERN)) % 1000;
  return `${a.repeat(4)}${b.repeat(4)}${c}${String(last).padStart(3, "0")}`;
}

/** The same cast for the same seed and index. */
export function castAccount(seed: number, index: number, id: string): Account {
  const random = new Random(seed, Stream.Account, index);
  const administrator = `AWSReservedSSO_AdministratorAccess_${random.hex(16)}`;
  return {
    id,
    index,
    alice: inventUser("alice", random),
    bob: inventUser("bob", random),
    carol: inventUser("carol", random),
    deployRole: inventRole("deploy", random),
    adminRole: inventRole(administrator, random),
    instanceRole: inventRole("orders-api-instance", random),
    functionRole: inventRole("thumbnail-function", random),
    configRole: inventRole("AWSServiceRoleForConfig", random),
  };
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** "AKIA..." or "ASIA...", ending in EXAMPLE as in AWS's documentation, so that no scanner takes it for a secret. */
export function inventKeyId(kind: "AKIA" | "ASIA" | "AIDA" | "AROA", random: Random): string {
  return `${kind}${random.text(9, BASE32)}EXAMPLE`;
}

function inventUser(name: string, random: Random): Principal {
  return { name, principalId: inventKeyId("AIDA", random), accessKeyId: inventKeyId("AKIA", random) };
}

function inventRole(name: string, random: Random): Principal {
  return { name, principalId: inventKeyId("AROA", random), accessKeyId: inventKeyId("ASIA", random) };
}
