/**
 * Visits items with up to `atOnce` calls at a time, and takes the next item only when there is room. After a failure no new
 * call is begun; those under way are awaited.
 * @throws the first failure
 */
export async function forEachConcurrently<T>(
  items: Iterable<T>,
  atOnce: number,
  visit: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    try {
      for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
        await visit(next.value);
        if (failure !== undefined) return;
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failure !== undefined) throw failure.error;
}
