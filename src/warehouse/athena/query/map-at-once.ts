import { forEachConcurrently } from "../../../core/for-each-concurrently.ts";

/** Maps with up to `atOnce` items under way; the results are in the items' order. After an error no more are begun. */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  await forEachConcurrently(items.entries(), atOnce, async ([index, item]) => {
    results[index] = await map(item);
  });
  return results;
}
