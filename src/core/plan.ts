import type { Catalog, Partition, SetAsideFile, Table, View } from "./catalog.ts";

/** One step from the actual catalog to the desired one. */
export type Change =
  | { readonly kind: "create-table"; readonly table: Table }
  /** Partitions that are new, or that lie under more roots than the catalog knows. */
  | { readonly kind: "add-partitions"; readonly table: Table; readonly partitions: readonly Partition[] }
  | { readonly kind: "replace-table"; readonly table: Table }
  | { readonly kind: "create-view"; readonly view: View }
  | { readonly kind: "replace-view"; readonly view: View }
  /** Files that queries leave out, or read leniently, from now on. */
  | { readonly kind: "set-aside"; readonly files: readonly SetAsideFile[] }
  /** Files that were repaired, or are gone. */
  | { readonly kind: "take-back"; readonly files: readonly SetAsideFile[] };

/** The difference of two catalogs, in the order in which it must be applied. */
export interface Plan {
  readonly changes: readonly Change[];
  /** The version of the catalog that the plan was made from. */
  readonly version?: number | undefined;
}

/** Nothing is ever dropped: a table or partition that is in the catalog only stays. */
export function planCatalog(desired: Catalog, actual: Catalog): Plan {
  return {
    version: actual.version,
    changes: [
      ...planSetAside(desired, actual),
      ...planAllTables(desired, actual),
      ...planView(desired, actual),
    ],
  };
}

function planSetAside(desired: Catalog, actual: Catalog): Change[] {
  const added = [...desired.setAside.values()].filter(
    (file) => !isSame(file, actual.setAside.get(file.file)),
  );
  const gone = [...actual.setAside.values()].filter(({ file }) => !desired.setAside.has(file));
  return [
    ...(gone.length > 0 ? [{ kind: "take-back", files: gone } as const] : []),
    ...(added.length > 0 ? [{ kind: "set-aside", files: added } as const] : []),
  ];
}

function isSame(a: SetAsideFile, b: SetAsideFile | undefined): boolean {
  return b !== undefined && a.verdict === b.verdict && a.bytes === b.bytes && a.modified === b.modified;
}

function planAllTables(desired: Catalog, actual: Catalog): Change[] {
  return [...desired.tables.values()].flatMap((table): Change[] => {
    const known = actual.tables.get(table.name);
    if (known === undefined) return [{ kind: "create-table", table }];
    const partitions = missingPartitions(table, known);
    return [
      ...(partitions.length > 0 ? [{ kind: "add-partitions", table, partitions } as const] : []),
      ...(table.definition === known.definition ? [] : [{ kind: "replace-table", table } as const]),
    ];
  });
}

function missingPartitions(table: Table, known: Table): Partition[] {
  return [...table.partitions].flatMap(([id, partition]) => {
    const roots = known.partitions.get(id)?.roots ?? [];
    return partition.roots.every((root) => roots.includes(root)) ? [] : [partition];
  });
}

function planView({ view }: Catalog, actual: Catalog): Change[] {
  if (view === undefined) return [];
  if (view.name !== actual.view?.name) return [{ kind: "create-view", view }];
  return view.definition === actual.view.definition ? [] : [{ kind: "replace-view", view }];
}
