import { beforeEach, expect, test } from "bun:test";
import { TerminalScreen } from "../../../docker/workstation/runner/terminal/screen.ts";
import { ScrollBack } from "../../../docker/workstation/runner/terminal/scroll-back.ts";

const size = { rows: 40, above: 3000 };
let scrollBack: ScrollBack;
const isDoubted = () => scrollBack.doubt !== null;

beforeEach(() => {
  scrollBack = new ScrollBack();
});

test("output ends it only when the xterm has heeded the wheel before", () => {
  scrollBack.turned("up", size, 5000);
  scrollBack.output(5001, true);
  expect(isDoubted()).toBe(true);
  scrollBack.output(6001, true);
  expect(isDoubted()).toBe(false);
});

test("a key that came through the xterm says that it has heeded the wheel", () => {
  scrollBack.turned("up", size, 5000);
  scrollBack.typed(5001);
  expect(isDoubted()).toBe(true);
  scrollBack.output(5002, true);
  expect(isDoubted()).toBe(false);
});

test("it does not say that what lets output scroll is heeded", () => {
  scrollBack.turned("up", size, 5000);
  scrollBack.output(7000, false);
  scrollBack.typed(7001);
  scrollBack.output(7002, true);
  expect(isDoubted()).toBe(true);
});

test("output does not end it while a program has switched that off, nor at once when it is on again", () => {
  scrollBack.turned("up", size, 5000);
  scrollBack.output(7000, false);
  scrollBack.output(7001, true);
  expect(isDoubted()).toBe(true);
  scrollBack.output(8001, true);
  expect(isDoubted()).toBe(false);
});

test("the wheel downwards ends it, by what goes least", () => {
  scrollBack.turned("up", size, 0);
  for (let turn = 0; turn < 3; turn++) scrollBack.turned("down", size, 0);
  expect(isDoubted()).toBe(true);
  scrollBack.turned("down", size, 0);
  expect(isDoubted()).toBe(false);
});

test("whether output ends it is known from the mode, which no reset sets", () => {
  const after = (text: string) => {
    const screen = new TerminalScreen({ columns: 40, rows: 6 }, () => {});
    screen.write(new TextEncoder().encode(text));
    return screen.outputScrolls;
  };
  expect(after("\x1bc")).toBe(true);
  expect(after("\x1b[?1010l\x1bc\x1b[!p")).toBe(false);
  expect(after("\x1b[?1010l\x1b[?1010h")).toBe(true);
  expect(after("\x1b[?1010s\x1b[?1010l\x1b[?1010r")).toBe(true);
  expect(after("\x1b[?1010r")).toBe(false);
});
