import { expect, test } from "bun:test";
import { Clipped } from "../../../../daemon/vendors/anthropic/clipped.ts";

test("short output is whole", () => {
  const output = new Clipped(10);
  output.add("12345");
  output.add("67890");
  expect(output.toString()).toBe("1234567890");
});

test("of long output the middle is left out, in whatever pieces it comes", () => {
  const text = Array.from({ length: 1000 }, (_, at) => `line ${at}\n`).join("");
  for (const size of [1, 7, 100, 100_000]) {
    const output = new Clipped(40);
    for (let at = 0; at < text.length; at += size) output.add(text.slice(at, at + size));
    expect(output.toString()).toBe(
      `${text.slice(0, 20)}\n\n... Output truncated (1000 total lines, ${text.length} characters) ...\n\n${text.slice(-20)}`,
    );
  }
});

test("of a character that is cut in two no half is left", () => {
  const output = new Clipped(5);
  output.add("🙂".repeat(10));
  expect(output.toString().isWellFormed()).toBe(true);
});
