import type { Table as GlueTable } from "@aws-sdk/client-glue";
import type { LakeTable } from "../../../core/catalog.ts";
import type { GlueAddress } from "./glue-reader.ts";
import type { WriteOptions } from "./write-partitions.ts";

/** What every step of a plan needs. */
export interface ApplyContext extends WriteOptions {
  readonly address: GlueAddress;
  /** What was there when the plan was made, by name. */
  readonly entries: ReadonlyMap<string, GlueTable>;
  /** The same, of the lake's tables. */
  readonly lakeTables: ReadonlyMap<string, LakeTable>;
  /** The tool's. */
  readonly version: string;
}
