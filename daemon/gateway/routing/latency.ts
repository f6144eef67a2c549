/** How much the latest measurement counts against those before it. */
const weight = 0.3;
/** How long a measurement is believed, in milliseconds: then the target is measured anew. */
const believedMs = 10 * 60_000;
/** What a failure counts as, at least and at most. */
const failureMs = { least: 2000, most: 60_000 };
/** Most targets that are remembered. */
const maxTargets = 2000;

/** What was seen of a target: milliseconds to its first output, or that it failed. */
export type Outcome = { firstMs: number } | { failed: true };

/** Time to first output of each target, as a moving average in which older measurements fade. */
export class Latencies {
  private readonly known = new Map<string, { ms: number; at: number }>();

  /** `now` gives milliseconds. */
  constructor(private readonly now: () => number = Date.now) {}

  seen(name: string, outcome: Outcome): void {
    const before = this.of(name);
    // Who fails is slower than it was, each time, until it answers again or is forgotten.
    const ms =
      "failed" in outcome
        ? Math.min(failureMs.most, Math.max(failureMs.least, 2 * (before ?? 0)))
        : before === null
          ? outcome.firstMs
          : before + weight * (outcome.firstMs - before);
    this.known.delete(name);
    this.known.set(name, { ms, at: this.now() });
    const [oldest] = this.known.keys();
    if (this.known.size > maxTargets && oldest !== undefined) this.known.delete(oldest);
  }

  /** null: not measured, or too long ago. */
  of(name: string): number | null {
    const found = this.known.get(name);
    return found && this.now() - found.at < believedMs ? found.ms : null;
  }
}
