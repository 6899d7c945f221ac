/** What many rules say alike of what their secrets open. */

/** Help for a secret that opens what its rights name. */
export const readsAndChanges = (what: string, where: string) =>
  `Reads and changes ${what}, by its rights. Delete it under ${where}.`;
