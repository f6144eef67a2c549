import type { Evidence, WaitOutput } from "../../src/contract/wait.ts";

/** What is known of a condition that holds. */
export type Held = Omit<WaitOutput, "waitedMs">;

/** A condition that holds, and by what. */
export function held(condition: string, seen: Partial<Evidence> = {}): Held {
  const nothing = { window: null, line: null, region: null, listener: null, caret: null };
  const evidence = [{ ...nothing, ...seen, condition }];
  return { condition, evidence, exitStatus: null, command: null, asks: null };
}

/** Several that hold together. */
export function together(all: readonly Held[]): Held {
  const first = <T>(of: (each: Held) => T | null) => all.map(of).find((it) => it !== null) ?? null;
  return {
    condition: all.map(({ condition }) => condition).join(" and "),
    evidence: all.flatMap(({ evidence }) => evidence),
    exitStatus: first(({ exitStatus }) => exitStatus),
    command: first(({ command }) => command),
    asks: first(({ asks }) => asks),
  };
}
