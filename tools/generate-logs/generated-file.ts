/** One object of the bucket. */
export interface GeneratedFile {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Those that a reader of the table cloudtrail must see: 0 unless the kind is "log" or "irregular". */
  readonly records: number;
  /**
   * "log": a log file as AWS writes it. "irregular": a log file that can be read, with oddities that give NULLs.
   * "broken": where a log file belongs, but cannot be read. "other": no log file of the table at all.
   */
  readonly kind: "log" | "irregular" | "broken" | "other";
  /** What is special about the file. */
  readonly note?: string;
}
