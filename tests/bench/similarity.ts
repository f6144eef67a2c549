/** Least number of characters to insert, remove or replace that turns one text into another (Levenshtein). */
export function distance(a: string, b: string): number {
  return Math.min(...lastRow(a, b, 1).slice(-1));
}

/** The distance to that part of `text` which is nearest to `wanted`. */
export function distanceToPart(wanted: string, text: string): number {
  return Math.min(...lastRow(wanted, text, 0));
}

/** The distances of `a` to each beginning of `b`; `skip` is what it costs to leave out a first character of `b`. */
function lastRow(a: string, b: string, skip: 0 | 1): number[] {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at * skip);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row;
}
