const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** Exact milliseconds in words: `1500 ms`, `8 h`, `6 min 30 s`. */
export function exactDuration(ms: number): string {
  if (ms === 0 || ms % 1000 !== 0) return `${ms} ms`;
  let rest = ms;
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return parts.join(" ");
}

/** Milliseconds for people: `240 ms`, `1.5 s`, `12 min`, `3 h`, `4 d`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** Units as one writes them, in descending order. */
const factors: Record<string, number> = { d: 864e5, h: 36e5, m: 6e4, s: 1e3, ms: 1 };
const written = /^(?:(\d+\.?\d*|\.\d+)(ms|s|m|h|d))+$/;

/**
 * Milliseconds of `500ms`, `30s`, `1.5m`, `6m30s`, `1d12h` or `0`; undefined when it is none. Each
 * unit may come once, larger ones first.
 */
export function readDuration(word: string): number | undefined {
  if (word === "0") return 0;
  if (!written.test(word)) return undefined;
  let sum = 0;
  let last = Number.POSITIVE_INFINITY;
  for (const [, number, unit] of word.matchAll(/(\d+\.?\d*|\.\d+)(ms|s|m|h|d)/g)) {
    const factor = factors[unit ?? ""] ?? 0;
    if (factor >= last) return undefined;
    last = factor;
    sum += Number(number) * factor;
  }
  return Math.round(sum);
}
