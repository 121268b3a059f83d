import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "./generated-file.ts";

/** What writeLogs wrote. */
export interface WriteSummary {
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
  readonly byKind: Readonly<Record<GeneratedFile["kind"], KindSummary>>;
}

export interface KindSummary {
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
}

/** Writes each file below the directory, replacing what is there; `onFile` hears of each one written. */
export async function writeLogs(
  directory: string,
  files: Iterable<GeneratedFile>,
  onFile: (file: GeneratedFile) => void = () => {},
): Promise<WriteSummary> {
  const none: KindSummary = { files: 0, records: 0, bytes: 0 };
  const byKind = { log: none, irregular: none, broken: none, other: none };
  const known = new Set<string>();
  for (const file of files) {
    const path = join(directory, ...file.key.split("/"));
    const folder = dirname(path);
    if (!known.has(folder)) await mkdir(folder, { recursive: true });
    known.add(folder);
    await writeFile(path, file.bytes);
    byKind[file.kind] = addFile(byKind[file.kind], file);
    onFile(file);
  }
  return { ...addUp(Object.values(byKind)), byKind };
}

function addFile(sum: KindSummary, { records, bytes }: GeneratedFile): KindSummary {
  return addUp([sum, { files: 1, records, bytes: bytes.length }]);
}

function addUp(sums: readonly KindSummary[]): KindSummary {
  return sums.reduce((a, b) => ({
    files: a.files + b.files,
    records: a.records + b.records,
    bytes: a.bytes + b.bytes,
  }));
}
