import { afterEach, expect, test } from "bun:test";
import { Patterns } from "../../../../daemon/patterns/patterns.ts";
import { isPlain } from "../../../../daemon/patterns/plain.ts";
import { compilePattern } from "../../../../src/pattern.ts";

let patterns = new Patterns();
afterEach(() => {
  patterns[Symbol.dispose]();
  patterns = new Patterns();
});

const endless = `${"a".repeat(60)}!`;

test.each(["done|failed", "^\\$ $", "(?i)OK\\?", "[a-z]. \\(\\d\\)", "\\*\\+\\{"])(
  "%s is plain",
  (pattern) => {
    expect(isPlain(pattern, 10_000)).toBe(true);
  },
);

test.each(["a+", "a*", "a?", "(a|b)", "a{2}", "\\p{L}", "\\\\+"])("%s is not plain", (pattern) => {
  expect(isPlain(pattern, 10_000)).toBe(false);
});

test("a plain pattern is not when text and pattern are long", () => {
  expect(isPlain("a".repeat(1000), 10_000)).toBe(false);
});

test("what matches is the same wherever it is matched", async () => {
  const texts = ["a\nbb\nc", "OK: 17 passed", "$ "];
  for (const pattern of ["^bb$", "^b+$", "(?i)ok", "(?i)ok: \\d+ (?=passed)", "\\$ $"]) {
    const own = texts.map((text) => compilePattern(pattern).test(text));
    expect(await patterns.matches("s", [pattern], texts)).toEqual([own]);
  }
  expect(await patterns.matches("s", ["x+", "a"], texts)).toEqual([
    [false, false, false],
    [true, true, false],
  ]);
});

test("a pattern that would take for ever is ended, and nobody waits for it meanwhile", async () => {
  const before = performance.now();
  let longest = 0;
  let last = before;
  const turns = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const slow = patterns.matches("one", Array(8).fill("^(a+)+$"), [endless]);
  const others = patterns.matches("two", ["^b+$"], ["bbb"]);
  await expect(slow).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("more than 500 ms"),
    hint: expect.stringContaining("`a+` in place of `(a+)+`"),
  });
  expect(await others).toEqual([[true]]);
  clearInterval(turns);
  // One look at it on this thread would have held it up for more than a second.
  expect(longest).toBeLessThan(1000);
});

test("sessions are served in turn, however many looks one of them has waiting", async () => {
  const order: string[] = [];
  const ask = (session: string) =>
    patterns.matches(session, ["a+"], ["a"]).then(() => order.push(session));
  await Promise.all([ask("one"), ask("one"), ask("one"), ask("one"), ask("two")]);
  expect(order.indexOf("two")).toBeLessThan(3);
});
