/** A value of a partition column: text or a number, never both in one domain. */
export type DomainValue = string | number;

export interface Bound {
  readonly value: DomainValue;
  readonly inclusive: boolean;
}

/** Unbounded where a bound is missing. */
export interface Range {
  readonly low?: Bound;
  readonly high?: Bound;
}

/** Which values a column can have: sorted ranges without overlap; none for no value. */
export type Domain = readonly Range[];

export function equalTo(...values: readonly DomainValue[]): Domain {
  const sorted = [...new Set(values)].toSorted(compare);
  return sorted.map((value) => ({ low: { value, inclusive: true }, high: { value, inclusive: true } }));
}

export function differentFrom(...values: readonly DomainValue[]): Domain {
  const bounds = [...new Set(values)].toSorted(compare).map((value) => ({ value, inclusive: false }));
  return [undefined, ...bounds].map((low, index) => {
    const high = bounds[index];
    return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
  });
}

export function intersect(a: Domain, b: Domain): Domain {
  return a.flatMap((left) =>
    b.flatMap((right) => {
      const low = tighter(left.low, right.low, 1);
      const high = tighter(left.high, right.high, -1);
      const range = { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
      return isEmpty(range) ? [] : [range];
    }),
  );
}

export function unite(a: Domain, b: Domain): Domain {
  const sorted = [...a, ...b].toSorted(compareLows);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && touches(last, range)) merged[merged.length - 1] = span(last, range);
    else merged.push(range);
  }
  return merged;
}

export function contains(domain: Domain, value: DomainValue): boolean {
  return intersect(domain, equalTo(value)).length > 0;
}

/** The values, where there are finitely many. */
export function listValues(domain: Domain): readonly DomainValue[] | undefined {
  const values = domain.map(({ low, high }) => (low?.value === high?.value ? low?.value : undefined));
  return values.includes(undefined) ? undefined : (values as DomainValue[]);
}

/** By UTF-16 code units, or by number. */
function compare(a: DomainValue, b: DomainValue): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The bound further inside: direction 1 for lows, -1 for highs. */
function tighter(a: Bound | undefined, b: Bound | undefined, direction: 1 | -1): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compare(a.value, b.value) * direction;
  if (order === 0) return a.inclusive ? b : a;
  return order > 0 ? a : b;
}

function isEmpty({ low, high }: Range): boolean {
  if (low === undefined || high === undefined) return false;
  const order = compare(low.value, high.value);
  return order > 0 || (order === 0 && !(low.inclusive && high.inclusive));
}

function compareLows(a: Range, b: Range): number {
  if (a.low === undefined || b.low === undefined)
    return Number(a.low !== undefined) - Number(b.low !== undefined);
  return compare(a.low.value, b.low.value) || Number(b.low.inclusive) - Number(a.low.inclusive);
}

/** Whether nothing lies between two ranges, the first of which begins no later. */
function touches({ high }: Range, { low }: Range): boolean {
  if (high === undefined || low === undefined) return true;
  const order = compare(high.value, low.value);
  return order > 0 || (order === 0 && (high.inclusive || low.inclusive));
}

function span(first: Range, second: Range): Range {
  if (first.high === undefined || second.high === undefined) {
    return first.low === undefined ? {} : { low: first.low };
  }
  const order = compare(first.high.value, second.high.value);
  const high =
    order === 0
      ? { ...first.high, inclusive: first.high.inclusive || second.high.inclusive }
      : order > 0
        ? first.high
        : second.high;
  return { ...(first.low === undefined ? {} : { low: first.low }), high };
}
