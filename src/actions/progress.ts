/** How far a long step has come. */
export interface Progress {
  /** What is being done, in the present participle: "listing logs". */
  readonly step: string;
  readonly done: number;
  /** Where it is known. */
  readonly total?: number | undefined;
  /** What else is known: "18.2 MB/s, 3 min left". */
  readonly note?: string | undefined;
}

export type OnProgress = (progress: Progress) => void;
