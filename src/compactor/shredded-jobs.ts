import type { Shredded } from "./job.ts";

/** What the jobs of an account-day have made of their log files, for the jobs after them. */
export class ShreddedJobs {
  readonly #byJob: Shredded[] = [];
  /** By job. */
  readonly #waiting: (() => void)[] = [];
  /** How many jobs from the first on have ended shredding. */
  #ended = 0;

  end(job: number, own: Shredded): void {
    this.#byJob[job] = own;
    while (this.#byJob[this.#ended] !== undefined) this.#waiting[++this.#ended]?.();
  }

  /** The sum of all jobs before this one, once they have all ended shredding. */
  async awaitBefore(job: number): Promise<Shredded> {
    if (this.#ended < job)
      await new Promise<void>((resolve) => {
        this.#waiting[job] = resolve;
      });
    const earlier = this.#byJob.slice(0, job);
    return {
      parts: earlier.reduce((sum, { parts }) => sum + parts, 0),
      identities: earlier.flatMap(({ identities }) => identities),
    };
  }
}
