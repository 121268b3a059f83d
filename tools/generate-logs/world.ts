import type { Account } from "./account.ts";
import { castAccount, inventAccountId } from "./account.ts";
import type { Settings } from "./options.ts";
import { Random } from "./prng.ts";
import type { Partition } from "./regions.ts";
import { PARTITION_FACTS } from "./regions.ts";
import { Stream } from "./stream.ts";

/** What all files of one generated bucket have in common. */
export interface World {
  readonly seed: number;
  readonly partition: Partition;
  readonly globalRegion: string;
  readonly dnsSuffix: string;
  /** "o-" and ten letters and digits. */
  readonly organization: string;
  /** Twelve digits each. */
  readonly accountIds: readonly string[];
  /** An account that has no trail. */
  readonly strangerId: string;
  /** The first account: it manages the organization, and its key is the one that was stolen. */
  readonly home: Account;
}

export function planWorld({ seed, partition, regions, accounts }: Settings): World {
  const facts = PARTITION_FACTS[partition];
  const random = new Random(seed, Stream.World);
  const offset = random.below(1_000_000);
  return {
    seed,
    partition,
    globalRegion: regions.includes(facts.globalRegion)
      ? facts.globalRegion
      : (regions[0] ?? facts.globalRegion),
    dnsSuffix: facts.dnsSuffix,
    organization: `o-${random.text(10, "abcdefghijklmnopqrstuvwxyz0123456789")}`,
    accountIds: Array.from({ length: accounts }, (_, index) => inventAccountId(index, offset)),
    strangerId: inventAccountId(accounts + 3, offset),
    home: castAccount(seed, 0, inventAccountId(0, offset)),
  };
}
