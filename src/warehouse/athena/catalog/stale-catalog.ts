/** Somebody else has changed the catalog since it was read: the plan must be made anew. */
export class StaleCatalog extends Error {}
