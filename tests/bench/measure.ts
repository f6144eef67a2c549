/** What a series of samples comes to, all in the samples' unit. */
export interface Summary {
  median: number;
  p95: number;
  min: number;
  samples: number;
}

/** One way to do a thing. */
export interface Subject {
  /** What is timed. */
  run(): Promise<unknown>;
  /** Undoes it, or lets things come to rest; not timed. */
  after?(): Promise<unknown>;
}

export interface Plan {
  samples: number;
  /** Rounds that are not counted. @default 2 */
  warmUp?: number;
  /** Samples of one subject in a row; more than one measures it hot. @default 1 */
  burst?: number;
  signal: AbortSignal;
}

/**
 * Times every subject in every round, one after the other, so that a busy moment of the machine
 * hits them all alike. Milliseconds.
 */
export async function interleave<Name extends string>(
  subjects: Record<Name, Subject>,
  { samples, warmUp = 2, burst = 1, signal }: Plan,
): Promise<Record<Name, Summary>> {
  const names = Object.keys(subjects) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  const rounds = Math.ceil(samples / burst);
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      for (let n = 0; n < burst; n++) {
        signal.throwIfAborted();
        const ms = await time(subjects[name]);
        if (round >= 0) times.get(name)?.push(ms);
      }
    }
  }
  const summaries = names.map((name) => [name, summarize(times.get(name) ?? [])]);
  return Object.fromEntries(summaries) as Record<Name, Summary>;
}

async function time(subject: Subject): Promise<number> {
  const start = performance.now();
  await subject.run();
  const ms = performance.now() - start;
  await subject.after?.();
  return ms;
}

/** Median, 95th percentile (nearest rank) and minimum. Throws without samples. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  const [median, p95, min] = [at(0.5), at(0.95), sorted[0]];
  if (median === undefined || p95 === undefined || min === undefined) {
    throw new RangeError("no samples");
  }
  return { median, p95, min, samples: sorted.length };
}
