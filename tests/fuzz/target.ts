/** The next whole number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** What is fed, case by case; what it must not do makes `run` throw. */
export interface Target extends AsyncDisposable {
  run(random: Random): Promise<void> | void;
}

/** A target that needs nothing but what chance gives it. */
export function plain(run: Target["run"]): () => Promise<Target> {
  return async () => ({ run, [Symbol.asyncDispose]: async () => {} });
}

export function pick<T>(random: Random, from: readonly [T, ...T[]]): T {
  return from[random(from.length)] ?? from[0];
}

/** Bytes cut short, changed in places, or with a part repeated; one in four is left as it is. */
export function spoilt(random: Random, bytes: Uint8Array): Uint8Array {
  if (random(4) === 0 || bytes.length === 0) return bytes;
  const cut = bytes.slice(0, random(3) === 0 ? 1 + random(bytes.length) : bytes.length);
  for (let flips = random(8); flips > 0; flips--) {
    // Most of what decides is at the beginning.
    const at = random(random(2) === 0 ? Math.min(cut.length, 200) : cut.length);
    cut[at] = pick(random, [0, 255, random(256), random(256)]);
  }
  if (random(4) > 0) return cut;
  const from = random(cut.length);
  return Buffer.concat([cut, cut.subarray(from, from + 1 + random(300)), cut.subarray(from)]);
}

/** The same bytes in chunks of any length. */
export function* chunks(random: Random, bytes: Uint8Array): Generator<Uint8Array> {
  const most = pick(random, [3, 100, 5000, bytes.length + 1]);
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random(most);
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** Throws, and says what it was. */
export function demand(holds: boolean, what: () => string): void {
  if (!holds) throw new RangeError(what().slice(0, 4000));
}
