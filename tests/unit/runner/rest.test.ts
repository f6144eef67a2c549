import { expect, test } from "bun:test";
import { untilRest } from "../../../docker/workstation/runner/terminal/rest.ts";

const resting = { unread: () => 0, isBusy: () => false, ends: () => false };
const never = new AbortController().signal;

test("a program rests when it has read everything and computes nothing, twice", async () => {
  let looks = 0;
  const unread = () => Math.max(0, 5 - ++looks);
  let busy = 3;
  expect(await untilRest({ ...resting, unread, isBusy: () => busy-- > 0 }, 5, never)).toBe(true);
  expect(looks).toBeGreaterThan(5);
  expect(busy).toBeLessThan(0);
});

test("one that reads nothing, or computes, is waited for no longer than allowed", async () => {
  const soon = AbortSignal.timeout(20);
  expect(await untilRest({ ...resting, unread: () => 1 }, 5, soon)).toBe(false);
  expect(await untilRest({ ...resting, isBusy: () => true }, 5, AbortSignal.timeout(20))).toBe(
    false,
  );
});

test("nothing is waited for when the end has come", async () => {
  expect(await untilRest({ ...resting, ends: () => true }, 5, never)).toBe(false);
});

test("a moment in which nothing could run counts as a moment, however long it was", async () => {
  let looks = 0;
  const unread = () => {
    // The container stands still.
    if (++looks === 2) Bun.sleepSync(60);
    return 0;
  };
  expect(await untilRest({ ...resting, unread }, 50, never)).toBe(true);
  expect(looks).toBe(11);
});
