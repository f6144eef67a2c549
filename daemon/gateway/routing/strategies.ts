import type { Strategy } from "../../../src/contract/gateway.ts";
import type { Target } from "../providers/provider.ts";

/** A target that a request could go to, and what speaks for it. */
export interface Candidate {
  target: Target;
  /** Share of the requests under `weighted`. */
  weight: number;
  /** Estimated cost of the request in US dollars; null: unpriced. */
  cost: number | null;
  /** Milliseconds to the first output; null: not measured. */
  firstMs: number | null;
}

/** Whose turn it is, where requests are shared out. */
export interface Turn {
  /** How many requests there have been. */
  count: number;
  /** What each candidate has been left owing, by its place in the list. */
  credit: readonly number[];
}

export const firstTurn: Turn = { count: 0, credit: [] };

/** Below this, in US dollars, costs are alike to `balanced`: what is free may still be slow. */
const smallestCost = 1e-6;

/** The candidates in the order in which to try them. Does not change what it is given. */
export function ordered(
  strategy: Strategy,
  candidates: readonly Candidate[],
  turn: Turn = firstTurn,
): Candidate[] {
  switch (strategy) {
    case "cheapest":
      return sorted(candidates, ({ cost }) => cost ?? Number.POSITIVE_INFINITY);
    case "fastest":
      // Who has not been measured is tried first, and so is measured.
      return sorted(candidates, ({ firstMs }) => firstMs ?? 0);
    case "balanced":
      return sorted(candidates, balance(candidates));
    case "round_robin": {
      const first = candidates.length > 0 ? turn.count % candidates.length : 0;
      return [...candidates.slice(first), ...candidates.slice(0, first)];
    }
    case "weighted": {
      const chosen = candidates[chosenBy(credited(candidates, turn))];
      const others = sorted(candidates, ({ weight }) => -weight).filter((it) => it !== chosen);
      return chosen ? [chosen, ...others] : [];
    }
    case "fallback":
      return [...candidates];
  }
}

/** The turn after this one. */
export function nextTurn(candidates: readonly Candidate[], turn: Turn): Turn {
  const credit = credited(candidates, turn);
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = chosenBy(credit);
  return {
    count: turn.count + 1,
    credit: credit.map((each, index) => (index === chosen ? each - total : each)),
  };
}

/**
 * Smooth weighted round robin, as nginx does it: each gets its weight, the richest is chosen and pays
 * what all got. With weights 3 and 1 that is a a b a, never a a a b.
 */
function credited(candidates: readonly Candidate[], { credit }: Turn): number[] {
  const known = credit.length === candidates.length;
  return candidates.map(({ weight }, index) => weight + (known ? (credit[index] ?? 0) : 0));
}

function chosenBy(credit: readonly number[]): number {
  return credit.indexOf(Math.max(...credit));
}

/** Cost times latency: twice as fast makes up for twice the price. */
function balance(candidates: readonly Candidate[]): (candidate: Candidate) => number {
  const costs = candidates.flatMap(({ cost }) => cost ?? []);
  const latencies = candidates.flatMap(({ firstMs }) => firstMs ?? []);
  // The unpriced may be as dear as the dearest; the unmeasured are given a chance.
  const unpriced = Math.max(smallestCost, ...costs);
  const unmeasured = latencies.length > 0 ? Math.min(...latencies) : 1;
  return ({ cost, firstMs }) =>
    Math.max(smallestCost, cost ?? unpriced) * Math.max(1, firstMs ?? unmeasured);
}

function sorted(
  candidates: readonly Candidate[],
  by: (candidate: Candidate) => number,
): Candidate[] {
  return candidates.toSorted((a, b) => {
    const [left, right] = [by(a), by(b)];
    return left === right ? 0 : left - right;
  });
}
