import type { UsageEntry } from "../../daemon/gateway/usage/entry.ts";

/** A request that went well; `other` says what is different. */
export function usageEntry(other: Partial<UsageEntry> = {}): UsageEntry {
  return {
    caller: { id: "0123456789ab", kind: "token", name: "ci" },
    provider: "anthropic",
    model: "claude-sonnet-5",
    format: "openai-chat",
    usage: { input: 100, cachedInput: 1000, cacheWrite: 10, output: 20, reasoning: 5 },
    costUsd: 0.5,
    ms: 1500,
    firstMs: 250,
    status: 200,
    attempts: 2,
    stream: true,
    trace: null,
    ...other,
  };
}
