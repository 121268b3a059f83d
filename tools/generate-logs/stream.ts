/** What a generator of random numbers is for: each purpose draws from numbers of its own, so that options stay independent. */
export const Stream = { World: 1, Account: 2, File: 3, Schedule: 4, Large: 5, Noise: 6, Broken: 7 } as const;
