import type { OpenCompactor } from "./compactor.contract.ts";
import { testCompactor } from "./compactor.contract.ts";

/** Threads run built code alone. */
const BUILT = new URL("../../dist/compactor/open-compactor.js", import.meta.url).href;

const { openCompactor } = (await import(BUILT)) as { readonly openCompactor: OpenCompactor };

testCompactor("A compactor with threads of its own", openCompactor, [2, 1, 0]);
