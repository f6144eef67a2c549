import type { Config } from "../../src/contract/config.ts";
import type { OperationOf } from "../../src/contract/index.ts";
import type { InputOf } from "../../src/contract/operation.ts";

export type NewSessionInput = InputOf<OperationOf<"session.new">>;

/** What the caller asked for, and the configuration's word where they did not. */
export function settings(input: NewSessionInput, config: Config) {
  const defaults = config.sessions;
  return {
    ...(input.size ?? defaults.size),
    profile: input.profile ?? "hardened",
    network: input.network ?? defaults.network,
    cpus: input.cpus ?? defaults.cpus,
    memoryBytes: input.memoryBytes ?? defaults.memoryBytes,
    pids: input.pids ?? defaults.pids,
    ttlMs: orNull(input.ttlMs ?? defaults.ttlMs),
    idleMs: orNull(input.idleMs ?? defaults.idleMs),
    restart: input.restart ?? defaults.restart,
    runtime: input.runtime ?? defaults.runtime ?? null,
    env: input.env ?? {},
    browser: input.browser ?? false,
    models: input.models?.filter((name) => name !== "none") ?? null,
  } as const;
}

function orNull(ms: number): number | null {
  return ms === 0 ? null : ms;
}

/** What the caller should know of what they asked for. */
export function noticesOf(input: NewSessionInput, imageIsCurrent: boolean): string[] {
  return [
    ...(input.profile === "dev"
      ? ["profile dev: writable root and sudo inside, weaker isolation"]
      : []),
    ...(imageIsCurrent ? [] : ["the image is from another build: `nexora image build` renews it"]),
  ];
}
