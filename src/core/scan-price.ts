/** US dollars; the price in most Regions (aws.amazon.com/athena/pricing). */
export const DOLLARS_PER_TERABYTE = 5;

/** AWS's pricing calculator takes 1,024 GB for a TB; the price page does not say. */
const MEGABYTE = 1024 ** 2;
const TERABYTE = 1024 ** 4;
const LEAST_MEGABYTES = 10;

/** What Athena bills for a query that scans so many bytes: by whole megabytes, and for 10 of them at the least. */
export function priceScan(bytes: number, dollarsPerTerabyte = DOLLARS_PER_TERABYTE): number {
  const megabytes = Math.max(LEAST_MEGABYTES, Math.ceil(bytes / MEGABYTE));
  return (megabytes * MEGABYTE * dollarsPerTerabyte) / TERABYTE;
}
