/** What goes wrong with one call. */
export type Fault =
  /** Answered as each service throttles. */
  | { readonly kind: "throttle" }
  | { readonly kind: "error"; readonly status: number; readonly code: string; readonly message: string }
  /** The connection ends before the call is handled. */
  | { readonly kind: "drop" }
  /** The call is handled, and the connection ends before the answer. */
  | { readonly kind: "drop-after" }
  | { readonly kind: "delay"; readonly ms: number }
  /** The call is not handled, and is answered so. */
  | { readonly kind: "answer"; readonly body: string }
  /** The call is handled, and the connection ends in the middle of the answer. */
  | { readonly kind: "cut" }
  /** The call is handled, and the answer stops in its middle for as long as the client waits. */
  | { readonly kind: "stall" };

/** A call before it is handled. */
export interface FaultyCall {
  /** "Glue BatchCreatePartition" */
  readonly name: string;
  /** Of all calls since the last clearCalls, from 1. */
  readonly index: number;
  /** The parsed body, of JSON services only. */
  readonly input: unknown;
}

export type FaultChoice = (call: FaultyCall) => Fault | undefined;

/** Faults on demand; none to begin with. */
export class Faults {
  #choose: FaultChoice | undefined;
  #callsToLive = Infinity;

  /** One function at a time; undefined for none. */
  onCall(choose: FaultChoice | undefined): void {
    this.#choose = choose;
  }

  /** The n-th call from now on and all later ones are dropped without being handled, as if the client had died. */
  killAfter(n: number): void {
    this.#callsToLive = n - 1;
  }

  /** No more faults of any kind. */
  heal(): void {
    this.#choose = undefined;
    this.#callsToLive = Infinity;
  }

  /** Counts down: to be called once a call. */
  take(call: FaultyCall): Fault | undefined {
    if (this.#callsToLive <= 0) return { kind: "drop" };
    this.#callsToLive -= 1;
    return this.#choose?.(call);
  }
}
