/** So many failures within the window open a breaker. */
const threshold = 5;
/** Milliseconds. */
const windowMs = 60_000;
/** How long it stays open before one request may try: at first, and at most, in milliseconds. */
const openMs = { shortest: 15_000, longest: 5 * 60_000 };

interface Circuit {
  /** When it failed last, newest last; at most `threshold` times. */
  failures: number[];
  /** When a request may try; null while it is closed. */
  probeAt: number | null;
  /** How long it was open the last time, in milliseconds. */
  pause: number;
  /** A request is trying. */
  probing: boolean;
}

export interface BreakerState {
  state: "closed" | "open" | "half-open";
  failures: number;
  /** When a request may try, in milliseconds since the epoch. */
  probeAt: number | null;
}

/**
 * Keeps requests away from what fails again and again. After five failures within a minute a breaker
 * is open; when its time is over it is half-open, and lets one request try, which closes it or opens
 * it for twice as long.
 */
export class Breakers {
  /** Only those that have failed lately. */
  private readonly circuits = new Map<string, Circuit>();

  constructor(private readonly now: () => number = Date.now) {}

  /**
   * Milliseconds until a request may go to it; 0: it may now, and has to be followed by `succeeded`,
   * `failed` or `abandoned`.
   */
  enter(id: string): number {
    const circuit = this.circuits.get(id);
    if (!circuit || circuit.probeAt === null) return 0;
    const left = circuit.probeAt - this.now();
    if (left > 0) return left;
    if (circuit.probing) return openMs.shortest;
    circuit.probing = true;
    return 0;
  }

  succeeded(id: string): void {
    if (this.circuits.size > 0) this.circuits.delete(id);
  }

  failed(id: string): void {
    const now = this.now();
    const circuit = this.circuits.get(id) ?? {
      failures: [],
      probeAt: null,
      pause: 0,
      probing: false,
    };
    this.circuits.set(id, circuit);
    circuit.failures = [...circuit.failures.filter((it) => it > now - windowMs), now];
    circuit.failures = circuit.failures.slice(-threshold);
    // One that began before the breaker opened says nothing new.
    if (circuit.probeAt !== null && !circuit.probing) return;
    if (!circuit.probing && circuit.failures.length < threshold) return;
    circuit.pause = Math.min(Math.max(openMs.shortest, 2 * circuit.pause), openMs.longest);
    circuit.probeAt = now + circuit.pause;
    circuit.probing = false;
  }

  /** The request ended without saying anything of it, for example because its client went. */
  abandoned(id: string): void {
    const circuit = this.circuits.get(id);
    if (circuit) circuit.probing = false;
  }

  stateOf(id: string): BreakerState {
    const circuit = this.circuits.get(id);
    if (!circuit) return { state: "closed", failures: 0, probeAt: null };
    const { probeAt } = circuit;
    const now = this.now();
    const failures = circuit.failures.filter((it) => it > now - windowMs).length;
    if (probeAt === null) return { state: "closed", failures, probeAt };
    return { state: probeAt > now ? "open" : "half-open", failures, probeAt };
  }
}
