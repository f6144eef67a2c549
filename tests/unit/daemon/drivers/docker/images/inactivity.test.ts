import { expect, test } from "bun:test";
import { setTimeout as delay } from "node:timers/promises";
import { Inactivity } from "../../../../../../daemon/drivers/docker/images/inactivity.ts";

test("silence ends the operation", async () => {
  using deadline = new Inactivity(10);
  await new Promise((resolve) => deadline.signal.addEventListener("abort", resolve));
  expect(deadline.passed).toBe(true);
});

test("signs of life keep it going", async () => {
  using deadline = new Inactivity(200);
  for (let at = 0; at < 10; at++) {
    await delay(30);
    deadline.touch();
  }
  expect(deadline.signal.aborted).toBe(false);
});

test("the caller's own end is told apart from silence", () => {
  const controller = new AbortController();
  using deadline = new Inactivity(10_000, controller.signal);
  controller.abort();
  expect(deadline.signal.aborted).toBe(true);
  expect(deadline.passed).toBe(false);
});
