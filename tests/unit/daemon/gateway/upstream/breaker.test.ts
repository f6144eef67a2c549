import { describe, expect, test } from "bun:test";
import { Breakers } from "../../../../../daemon/gateway/upstream/breaker.ts";

function setUp() {
  let now = 1_000_000;
  const breakers = new Breakers(() => now);
  const fail = (times: number) => {
    for (let time = 0; time < times; time++) {
      expect(breakers.enter("a")).toBe(0);
      breakers.failed("a");
    }
  };
  return { breakers, fail, wait: (ms: number) => (now += ms) };
}

describe("a breaker", () => {
  test("opens after five failures in a minute, and for one provider only", () => {
    const { breakers, fail } = setUp();
    fail(4);
    expect(breakers.stateOf("a")).toMatchObject({ state: "closed", failures: 4 });
    fail(1);
    expect(breakers.stateOf("a").state).toBe("open");
    expect(breakers.enter("a")).toBe(15_000);
    expect(breakers.enter("b")).toBe(0);
  });

  test("forgets failures that are older, and all at a success", () => {
    const { breakers, fail, wait } = setUp();
    fail(4);
    wait(60_001);
    fail(4);
    expect(breakers.stateOf("a").state).toBe("closed");
    breakers.succeeded("a");
    fail(4);
    expect(breakers.stateOf("a").state).toBe("closed");
  });

  test("lets one request try when its time is over, which closes it", () => {
    const { breakers, fail, wait } = setUp();
    fail(5);
    wait(15_000);
    expect(breakers.stateOf("a").state).toBe("half-open");
    expect(breakers.enter("a")).toBe(0);
    expect(breakers.enter("a")).toBeGreaterThan(0);
    breakers.succeeded("a");
    expect(breakers.enter("a")).toBe(0);
    expect(breakers.stateOf("a")).toEqual({ state: "closed", failures: 0, probeAt: null });
  });

  test("opens again for twice as long, up to five minutes, when the try fails", () => {
    const { breakers, fail, wait } = setUp();
    fail(5);
    for (const pause of [15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
      expect(breakers.enter("a")).toBe(pause);
      wait(pause);
      fail(1);
    }
  });

  test("gives the try to another when its request is abandoned", () => {
    const { breakers, fail, wait } = setUp();
    fail(5);
    wait(15_000);
    expect(breakers.enter("a")).toBe(0);
    breakers.abandoned("a");
    expect(breakers.enter("a")).toBe(0);
  });

  test("does not open for longer by what was under way when it opened", () => {
    const { breakers, fail } = setUp();
    fail(5);
    breakers.failed("a");
    breakers.failed("a");
    expect(breakers.enter("a")).toBe(15_000);
  });
});
