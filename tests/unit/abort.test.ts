import { afterEach, describe, expect, jest, test } from "bun:test";
import { after, deadline, delay, within, withinTime } from "../../src/abort.ts";

const never = new Promise<never>(() => {});
const day = 24 * 3600 * 1000;

describe("within", () => {
  test("gives the promise's end", async () => {
    const { signal } = new AbortController();
    expect(await within(Promise.resolve(7), signal)).toBe(7);
    expect(await within(Promise.resolve(7))).toBe(7);
    await expect(within(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
  });

  test("throws what made the signal abort, as an error of ours", async () => {
    const abort = new AbortController();
    const waiting = within(never, abort.signal);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: "interrupted" });
    await expect(within(never, abort.signal)).rejects.toMatchObject({ code: "interrupted" });
    await expect(within(never, deadline(1))).rejects.toMatchObject({ code: "timeout" });
  });
});

test("a deadline passes with its time or with the other signal", async () => {
  const other = new AbortController();
  const signal = deadline(30 * day, other.signal);
  await Bun.sleep(20);
  expect(signal.aborted).toBe(false);
  other.abort();
  expect(signal.aborted).toBe(true);
});

test("a delay ends with its time or with the signal, and then at once", async () => {
  const { signal } = new AbortController();
  await delay(1, signal);
  const abort = new AbortController();
  const waiting = delay(30 * day, abort.signal);
  abort.abort();
  await waiting;
  await delay(30 * day, abort.signal);
});

test("an action has so much time, and then goes on without who waited", async () => {
  await withinTime(never, 1);
  await withinTime(Promise.resolve(), 30 * day);
  await expect(withinTime(Promise.reject(new Error("no")), day)).rejects.toThrow("no");
});

describe("after", () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([1, 24, 25, 30, 100])("%d days are neither shorter nor longer", (days) => {
    jest.useFakeTimers();
    let fired = 0;
    after(days * day, () => fired++);
    for (let passed = 1; passed < days; passed++) jest.advanceTimersByTime(day);
    jest.advanceTimersByTime(day - 1);
    expect(fired).toBe(0);
    jest.advanceTimersByTime(1);
    expect(fired).toBe(1);
    jest.advanceTimersByTime(40 * day);
    expect(fired).toBe(1);
  });

  test("is cancelled at any time", () => {
    jest.useFakeTimers();
    let fired = 0;
    const cancel = after(30 * day, () => fired++);
    jest.advanceTimersByTime(29 * day);
    cancel();
    jest.advanceTimersByTime(30 * day);
    expect(fired).toBe(0);
  });
});
