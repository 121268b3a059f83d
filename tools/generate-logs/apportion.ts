/**
 * Splits `total` into whole numbers by weight, exactly. Every place gets at least one where the total allows it.
 */
export function apportion(total: number, weights: readonly number[]): readonly number[] {
  const least = total >= weights.length ? 1 : 0;
  const rest = total - least * weights.length;
  const sum = weights.reduce((a, b) => a + b, 0);
  let weighed = 0;
  let given = 0;
  return weights.map((weight) => {
    weighed += weight;
    const due = Math.floor((rest * weighed) / sum + 0.5);
    const count = due - given;
    given = due;
    return least + count;
  });
}

/** Whether the file is one of the `share` of files, which lie evenly among all: 0.1 chooses one file in ten. */
export function isChosen(file: number, share: number): boolean {
  return Math.floor((file + 1) * share + 0.5) > Math.floor(file * share + 0.5);
}
