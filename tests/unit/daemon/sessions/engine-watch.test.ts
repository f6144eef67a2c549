import { expect, test } from "bun:test";
import type { EngineEvent } from "../../../../daemon/drivers/driver.ts";
import { watchEngine } from "../../../../daemon/sessions/engine-watch.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} } as never;

test("an engine that answers and breaks at once is tried less and less often, and told of", async () => {
  const ended = new AbortController();
  const tries: number[] = [];
  const told: string[] = [];
  async function* watch(): AsyncGenerator<EngineEvent> {
    tries.push(performance.now());
    if (tries.length === 4) ended.abort();
    yield { type: "watching" };
    throw new Error("gone again");
  }
  await watchEngine(
    {
      driver: { watch },
      events: { publish: async ({ type }) => void told.push(type) },
      reconcile: async () => {},
      look: async () => {},
      log,
      random: () => 0,
    },
    ended.signal,
  );
  const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  expect(pauses[0]).toBeGreaterThanOrEqual(95);
  expect(pauses[2]).toBeGreaterThanOrEqual(390);
  expect(told.slice(0, 3)).toEqual(["engine_down", "engine_up", "engine_down"]);
});

test("a repair that takes long holds up no other event", async () => {
  const ended = new AbortController();
  const looked: string[] = [];
  async function* watch(): AsyncGenerator<EngineEvent> {
    yield { type: "ended", session: "slow" };
    yield { type: "ended", session: "next" };
    ended.abort();
    throw new Error("over");
  }
  const look = (session: string) => {
    looked.push(session);
    return session === "slow" ? new Promise<void>(() => {}) : Promise.resolve();
  };
  const events = { publish: async () => {} };
  await watchEngine(
    { driver: { watch }, events, reconcile: async () => {}, look, log },
    ended.signal,
  );
  expect(looked).toEqual(["slow", "next"]);
});
