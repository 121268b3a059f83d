import { testCompactor } from "./compactor.contract.ts";
import { openCompactor } from "./open-compactor.ts";

testCompactor("A compactor in the caller's thread", openCompactor, [0]);
