import type { UsageEntry } from "./entry.ts";

/** What can be added up of requests. Tokens are each in one bucket, the one that is billed. */
export interface Counts {
  requests: number;
  failed: number;
  unpriced: number;
  input: number;
  cachedInput: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
  costUsd: number;
}

export const countNames = [
  "requests",
  "failed",
  "unpriced",
  "input",
  "cachedInput",
  "cacheWrite",
  "output",
  "reasoning",
  "costUsd",
] as const satisfies readonly (keyof Counts)[];

/** One request as counts. It is unpriced when it may have cost something, and nobody knows what. */
export function countsOf({ usage, costUsd, status }: UsageEntry): Counts {
  const failed = status >= 400;
  return {
    requests: 1,
    failed: failed ? 1 : 0,
    unpriced: costUsd === null && (usage !== null || !failed) ? 1 : 0,
    input: usage?.input ?? 0,
    cachedInput: usage?.cachedInput ?? 0,
    cacheWrite: usage?.cacheWrite ?? 0,
    output: usage?.output ?? 0,
    reasoning: usage?.reasoning ?? 0,
    costUsd: costUsd ?? 0,
  };
}

export function addTo(sum: Counts, more: Counts): void {
  for (const name of countNames) sum[name] += more[name];
}
