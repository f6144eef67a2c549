import { expect, test } from "bun:test";
import { readCondition } from "../../../cli/conditions.ts";
import { invocationOf, readWords } from "../../../cli/parse.ts";
import { verbs } from "../../../cli/verbs.ts";
import { waitCondition } from "../../../src/contract/wait.ts";

test.each([
  ["prompt", { prompt: true }],
  ["input", { input: true }],
  ["all", { all: true }],
  ["change", { change: true }],
  ["stable", { stableMs: 300 }],
  ["stable=1s", { stableMs: 1000 }],
  ["text=a=b", { text: ["a=b"] }],
  ["gone=Loading", { gone: ["Loading"] }],
])("%s is a condition of the API", (word, expected) => {
  expect(readCondition(word)).toEqual(expected);
  expect(waitCondition.safeParse(readCondition(word)).success).toBe(true);
});

test.each(["", "text", "text=", "prompt=1", "stable=x", "later"])("%j is refused", (word) => {
  expect(() => readCondition(word)).toThrow(expect.objectContaining({ code: "usage" }));
});

test.each(["type", "key"])(
  "--timeout and --all of %s go for its waits, wherever they stand",
  (verb) => {
    const words = [verb, "--timeout", "2m", "a", "--wait", "text=OK", "--all", "--wait", "prompt"];
    const read = readWords(verbs, words);
    const { input } = invocationOf(read.verb ?? fail(), read);
    expect(input.wait).toEqual({ text: ["OK"], prompt: true, all: true, timeoutMs: 120_000 });
  },
);

function fail(): never {
  throw new Error("there is no such verb");
}
