const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * A small fast generator of pseudo-random numbers (sfc32): equal seeds give equal numbers on every machine.
 * Its 128 bits of state keep the event ids of millions of records apart.
 */
export class Random {
  readonly #state = new Int32Array(4);

  constructor(first: number, second = 0, third = 0) {
    this.#state.set([first, second, third, 1]);
    for (let round = 0; round < 12; round++) this.next();
  }

  /** 32 bits, as an integer from 0 to 4,294,967,295. */
  next(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, counter = 0] = [state[0], state[1], state[2], state[3]];
    const sum = (a + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return sum >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    return this.next() / 4_294_967_296;
  }

  /** An integer from 0 up to, but not including, `end`. */
  below(end: number): number {
    return Math.floor(this.fraction() * end);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** Lower-case hexadecimal digits; an even number of them. */
  hex(digits: number): string {
    let text = "";
    for (let done = 0; done < digits; done += 8) text += printHex(this.next());
    return text.slice(0, digits);
  }

  /** A version 4 UUID, as AWS uses for event and request ids. */
  guid(): string {
    const [a, b, c, d] = [this.next(), this.next(), this.next(), this.next()];
    const middle = printHex((b & 0xffff0fff) | 0x4000);
    const rest = printHex((c & 0x3fffffff) | 0x80000000);
    return `${printHex(a)}-${middle.slice(0, 4)}-${middle.slice(4)}-${rest.slice(0, 4)}-${rest.slice(4)}${printHex(d)}`;
  }

  /** `length` characters of the alphabet. */
  text(length: number, alphabet: string): string {
    let text = "";
    for (let done = 0; done < length; done++) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }
}

function printHex(word: number): string {
  return `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`;
}
