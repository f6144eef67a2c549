/**
 * The `count` candidates that a mistyped word most likely meant, nearest first: those that it is
 * the beginning of, and those that differ in at most a third of its letters. Case does not matter.
 */
export function nearest(word: string, candidates: Iterable<string>, count: number): string[] {
  const wanted = word.toLowerCase();
  const limit = Math.min(Math.max(1, Math.floor(wanted.length / 3)), wanted.length - 1);
  const distanceOf = (candidate: string) => {
    if (wanted.length > 2 && candidate.startsWith(wanted)) return 0;
    const missing = Math.abs(candidate.length - wanted.length);
    return missing > limit ? missing : editDistance(wanted, candidate);
  };
  return [...candidates]
    .map((name) => ({ name, distance: distanceOf(name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Damerau–Levenshtein distance (optimal string alignment): a swap of neighbours counts once. */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + cost,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(older, column - 2) + 1);
      }
      current.push(best);
    }
    older = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Number.POSITIVE_INFINITY;
}
