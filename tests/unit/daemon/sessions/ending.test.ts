import { expect, test } from "bun:test";
import { endedByItself, endingOf, whyEnded } from "../../../../daemon/sessions/ending.ts";
import { expiryOf } from "../../../../daemon/sessions/expiry-time.ts";

test.each([
  [{ reason: "stopped by request", endedAt: null }, "stopped"],
  [{ reason: "expired: not used for 8 h", endedAt: null }, "expired"],
  [{ reason: "its home is over its limit", endedAt: null }, "stopped"],
  [{ reason: "it ran out of memory", endedAt: new Date() }, "exited"],
  [{ reason: null, endedAt: null }, "stopped"],
])("an interrupted end of %p goes on as %s", (row, type) => {
  expect(endingOf(row).type as string).toBe(type);
});

test.each([
  [{ exitCode: 137, oomKilled: true }, "out of memory"],
  [{ exitCode: 137, oomKilled: false }, "SIGKILL"],
  [{ exitCode: 1, oomKilled: true }, "exit code 1"],
  [{ exitCode: 143, oomKilled: false }, "told to end"],
  [{ exitCode: null, oomKilled: false }, "never ran"],
  [null, "gone from the engine"],
])("%p ended because: %s", (state, why) => {
  expect(whyEnded(state)).toContain(why);
});

test.each([
  ["failed", "it ran out of memory", true],
  ["stopped", "expired: not used for 8 h", true],
  ["stopped", "given up: brought back 5 times within 10 min", true],
  ["stopped", "stopped by request", false],
  ["stopped", "its start was interrupted", false],
  ["failed", "its start was interrupted", false],
  ["failed", "it did not start: the workspace /gone cannot be used", false],
  ["stopped", "it did not start: there is no image (tried 5 times within 10 min)", false],
  [
    "failed",
    "its workstation was killed (SIGKILL), from outside or by the engine's restart",
    false,
  ],
  ["failed", "its runner aborted; to be brought back, it waits: 2 sessions are open", true],
  ["running", null, false],
] as const)("%s (%s): ended by itself is %p", (state, reason, byItself) => {
  expect(endedByItself({ state, reason })).toBe(byItself);
});

const startedAt = new Date(1_000_000);
test.each([
  [{ ttlMs: null, idleMs: null }, 5, null],
  [{ ttlMs: 1000, idleMs: null }, 1_500_000, 1_001_000],
  [{ ttlMs: null, idleMs: 1000 }, undefined, 1_001_000],
  [{ ttlMs: null, idleMs: 1000 }, 5, 1_001_000],
  [{ ttlMs: null, idleMs: 1000 }, 1_500_000, 1_501_000],
  [{ ttlMs: 9000, idleMs: 1000 }, 1_500_000, 1_009_000],
])("%p, last used at %p, ends at %p", (limits, lastUsed, at) => {
  expect(expiryOf({ ...limits, startedAt }, lastUsed)?.at ?? null).toBe(at);
});
