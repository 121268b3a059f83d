import { expect, test } from "vitest";
import { printHiveType } from "../columns.ts";
import { DATASET_COLUMNS, LAKE_SCHEMA, OTHER_COLUMNS } from "./lake-columns.ts";

test("LAKE_SCHEMA is raised when the columns of a dataset are changed", async () => {
  const columns = Object.entries(DATASET_COLUMNS).flatMap(([dataset, ofDataset]) => [
    `\n${dataset}`,
    ...ofDataset.map(({ name, type }) => `${name.toLowerCase()} ${printHiveType(type)}`),
    ...OTHER_COLUMNS,
  ]);
  await expect(`LAKE_SCHEMA ${LAKE_SCHEMA}\n${columns.join("\n")}\n`).toMatchFileSnapshot(
    "../../../test/golden/lake-columns.txt",
  );
});
