/** Something else than what had to stand at byte `at`; only `Shredder` sees it, and throws NotALog instead. */
export class Unexpected extends Error {
  readonly wanted: string;
  readonly at: number;

  constructor(wanted: string, at: number) {
    super(`expected ${wanted} at byte ${at}`);
    this.wanted = wanted;
    this.at = at;
  }
}
