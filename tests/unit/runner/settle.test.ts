import { beforeEach, expect, test } from "bun:test";
import { untilSettled } from "../../../docker/workstation/runner/terminal/settle.ts";

const never = new AbortController().signal;
let unread: number;
let typedAt: number;
let outputAt: number;
let waits: boolean;
let film: boolean;
const settled = (withinMs: number) =>
  untilSettled(
    {
      unread: () => unread,
      typedAt: () => typedAt,
      outputAt: () => (film ? performance.now() : outputAt),
      reactMs: () => 40,
      waits: () => waits,
    },
    withinMs,
    never,
  );

beforeEach(() => {
  unread = 0;
  typedAt = performance.now();
  outputAt = typedAt + 1;
  waits = true;
  film = false;
});

test("a program has settled a moment after it has shown something", async () => {
  expect(await settled(2000)).toBe(true);
  expect(performance.now() - typedAt).toBeGreaterThan(35);
});

test("one that shows nothing gets longer", async () => {
  outputAt = typedAt - 1000;
  expect(await settled(2000)).toBe(true);
  expect(performance.now() - typedAt).toBeGreaterThan(140);
});

test("one that has not read, works on, or writes all the time has not", async () => {
  unread = 1;
  expect(await settled(60)).toBe(false);
  unread = 0;
  waits = false;
  expect(await settled(60)).toBe(false);
  waits = true;
  film = true;
  expect(await settled(60)).toBe(false);
});

test("without time it says how it is", async () => {
  expect(await settled(0)).toBe(false);
  typedAt -= 1000;
  outputAt = typedAt + 1;
  expect(await settled(0)).toBe(true);
});
