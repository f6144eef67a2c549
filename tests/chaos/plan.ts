/** What may happen in one step, and how often compared with the others. */
const weights = {
  new: 6,
  exec: 10,
  screen: 4,
  stop: 2,
  start: 8,
  rm: 1,
  killContainer: 1.5,
  pauseContainer: 0.3,
  killDaemon: 0.8,
  cutEngine: 0.6,
  restartEngine: 0.3,
} as const;

type Action = keyof typeof weights;

export interface Step {
  /** When it happens, in milliseconds from the start. */
  atMs: number;
  action: Action;
  /** Which session it is about. */
  session: string;
  /** How long it lasts, where that matters, in milliseconds. */
  forMs: number;
}

export interface PlanOptions {
  seed: number;
  seconds: number;
  /** How many sessions there are to choose from. */
  sessions: number;
  /** Whether the engine itself may be restarted: only one that is ours. */
  restarts: boolean;
}

/** All that will happen, from the seed alone, so that it can be replayed. */
export function planOf({ seed, seconds, sessions, restarts }: PlanOptions): Step[] {
  const random = generator(seed);
  const possible = Object.entries(weights).filter(
    ([action]) => restarts || action !== "restartEngine",
  ) as [Action, number][];
  const total = possible.reduce((sum, [, weight]) => sum + weight, 0);
  const choose = (): Action => {
    let left = random() * total;
    for (const [action, weight] of possible) {
      left -= weight;
      if (left < 0) return action;
    }
    return "exec";
  };
  const steps: Step[] = [];
  for (let atMs = 0; atMs < seconds * 1000; atMs += 20 + random() * 280) {
    const action = choose();
    const session = `chaos-${Math.floor(random() * sessions)}`;
    steps.push({ atMs, action, session, forMs: 50 + random() * 2000 });
  }
  return steps;
}

/** Mulberry32: a small generator of numbers from 0 to 1, the same ones for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
