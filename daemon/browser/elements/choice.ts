/**
 * The one that is meant of those that match: the only one, or the only visible one of all. Null: there is none, or it
 * is not clear which. `count`: how many there are, also those that are not listed.
 */
export function theOne<T extends { visible: boolean }>(
  matches: readonly T[],
  count: number,
): T | null {
  if (count > matches.length) return null;
  const [one, ...more] = matches.length > 1 ? matches.filter((it) => it.visible) : matches;
  return one && more.length === 0 ? one : null;
}
