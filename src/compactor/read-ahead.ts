import type { Source } from "../core/lake/source-list.ts";

const MOST_READS = 16;
const MOST_BYTES = 32 << 20;

/** Reads log files in order, several at once, and not far ahead of who takes them. */
export class ReadAhead {
  readonly #sources: readonly Source[];
  readonly #read: (source: Source) => Promise<Uint8Array>;
  readonly #reads: { readonly size: number; readonly bytes: Promise<Uint8Array> }[] = [];
  #started = 0;
  #taken = 0;
  #bytes = 0;

  constructor(sources: readonly Source[], read: (source: Source) => Promise<Uint8Array>) {
    this.#sources = sources;
    this.#read = read;
  }

  /**
   * The next file's bytes; undefined after the last.
   * @throws what reading it throws
   */
  async next(): Promise<Uint8Array | undefined> {
    this.#fill();
    const next = this.#reads.shift();
    if (next === undefined) return undefined;
    const bytes = await next.bytes;
    this.#bytes -= next.size;
    this.#taken++;
    this.#fill();
    return bytes;
  }

  #fill(): void {
    for (
      let source = this.#sources[this.#started];
      source !== undefined;
      source = this.#sources[this.#started]
    ) {
      const isRoom = this.#started - this.#taken < MOST_READS && this.#bytes + source.size <= MOST_BYTES;
      if (this.#bytes > 0 && !isRoom) return;
      const bytes = this.#read(source);
      // It is awaited in its turn, and by then another's failure may have ended everything.
      bytes.catch(() => undefined);
      this.#reads.push({ size: source.size, bytes });
      this.#bytes += source.size;
      this.#started++;
    }
  }
}
