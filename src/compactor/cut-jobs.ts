/** Cuts log files into runs of at most that many stored bytes, or one file; their order stays. */
export function cutJobs<T extends { readonly size: number }>(
  sources: readonly T[],
  jobStoredBytes: number,
): readonly (readonly T[])[] {
  const jobs: T[][] = [[]];
  let bytes = 0;
  for (const source of sources) {
    if (bytes > 0 && bytes + source.size > jobStoredBytes) {
      jobs.push([]);
      bytes = 0;
    }
    jobs.at(-1)!.push(source);
    bytes += source.size;
  }
  return jobs;
}
