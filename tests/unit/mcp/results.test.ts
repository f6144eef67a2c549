import { describe, expect, test } from "bun:test";
import { NexoraError } from "../../../src/contract/errors.ts";
import { failureOf, resultOf } from "../../../src/mcp/results.ts";

const terminal = {
  window: "0x1",
  title: "nexora@dev: /workspace",
  class: "XTerm",
  source: "terminal",
  lines: ["$ make", "done", ""],
  refs: null,
  degraded: null,
};
const dialog = {
  ...terminal,
  window: "0x2",
  title: "Question",
  class: "Zenity",
  source: "accessibility",
  lines: ["Save?"],
  refs: [{ ref: "@e4", role: "button", name: "Yes", value: null, states: [], depth: 0, holds: 0 }],
};
const screen = {
  changed: true,
  textRev: "t1",
  window: { id: "0x1" },
  text: [terminal],
  gone: [],
  degraded: null,
  image: null,
};
const acted = { waited: null, settled: { ms: 20, still: true }, screen };
const textOf = (operation: string, reply: object) =>
  resultOf(operation, reply, false)
    .content.map((each) => (each.type === "text" ? each.text : ""))
    .join();

describe("an action's answer", () => {
  test("has the rows that have changed, and nothing else", () => {
    expect(textOf("type", { characters: 5, path: "terminal", delivered: true, ...acted })).toBe(
      "$ make\ndone",
    );
  });

  test("names a window that is no terminal, with its references", () => {
    const seen = { ...screen, window: { id: "0x2" }, text: [dialog, { ...terminal, lines: [] }] };
    expect(textOf("click", { ...acted, screen: seen })).toBe(
      '[0x2 * Zenity: Question]\nSave?\n\n@e4 button "Yes"',
    );
  });

  test("says when nothing has changed, what has gone, and what is late", () => {
    const seen = { ...screen, text: [{ ...terminal, lines: [] }], gone: ["0x2", ""] };
    const late = { ms: 500, still: false };
    expect(textOf("key", { ...acted, screen: seen, settled: late })).toBe(
      [
        "no text on the screen has changed",
        "window 0x2 shows no more (closed, minimized or covered)",
        "the screen was not still yet after 500 ms: look again, or wait for something",
      ].join("\n"),
    );
  });

  test("is `done` where there is nothing to say", () => {
    expect(textOf("key", { keys: ["a"], waited: null, settled: null, screen: null })).toBe("done");
  });
});

test("a list's answer has what its steps have to say, and which one failed", () => {
  const results = [
    {
      operation: "type",
      status: "done",
      reply: { ...acted, settled: null, screen: null },
      error: null,
    },
    { operation: "exec", status: "done", reply: exec("one\n", 0), error: null },
    {
      operation: "wait",
      status: "failed",
      reply: null,
      error: { code: "timeout", message: "in vain" },
    },
    { operation: "key", status: "not executed", reply: null, error: null },
  ];
  expect(textOf("batch", { results, failed: 2, ...acted })).toBe(
    [
      "2. exec: one",
      "exit status 0",
      "3. wait failed: timeout: in vain",
      "1 not executed",
      "$ make",
      "done",
    ].join("\n"),
  );
});

test("a list that is observed has what each step has changed", () => {
  const quiet = { ...screen, text: [] };
  const none = { ...acted, settled: null, screen: null };
  const results = [
    { operation: "key", status: "done", reply: none, error: null, screen },
    { operation: "exec", status: "done", reply: exec("one\n", 0), error: null, screen: quiet },
    {
      operation: "wait",
      status: "failed",
      reply: null,
      error: { code: "timeout", message: "in vain" },
      screen: { ...quiet, degraded: "it cannot be read" },
    },
  ];
  expect(textOf("batch", { results, failed: 2, ...none })).toBe(
    [
      "1. key: $ make",
      "done",
      "2. exec: one",
      "exit status 0",
      "no text on the screen has changed",
      "3. wait failed: timeout: in vain",
      "no text on the screen has changed",
      "(it cannot be read)",
    ].join("\n"),
  );
});

test("pictures are content of their own, and then there is no data beside them", () => {
  const image = {
    format: "png",
    base64: "AAAA",
    width: 8,
    height: 4,
    scaleX: 2,
    scaleY: 2,
    offsetX: 1,
    offsetY: 0,
  };
  const result = resultOf("screen", { ...screen, changed: null, image }, true);
  expect(result.structuredContent).toBeUndefined();
  expect(result.content).toEqual([
    {
      type: "text",
      text: "$ make\ndone\npicture of 8x4; on the desktop x = 1 + 2 * its x, y = 0 + 2 * its y\nrev t1",
    },
    { type: "image", data: "AAAA", mimeType: "image/png" },
  ]);
});

test("other replies are data in one line, without what says nothing", () => {
  expect(textOf("session.show", { name: "dev", reason: null })).toBe('{"name":"dev"}');
  expect(resultOf("session.show", { name: "dev" }, true).structuredContent).toEqual({
    name: "dev",
  });
});

test("an error says what to do next, and shows the screen after a wait in vain", () => {
  const details = { screen: ["$ make", "[y/N]"] };
  const error = new NexoraError("timeout", "in vain", { hint: "answer it", details });
  expect(failureOf(error, false)).toEqual({
    content: [{ type: "text", text: "timeout: in vain\nanswer it\non the screen:\n$ make\n[y/N]" }],
    isError: true,
  });
});

test("of a long output the beginning and the end are kept, and what was left running has its number", () => {
  const text = textOf("exec", exec(`begin${"a".repeat(20_000)}end`, 0));
  expect(text).toMatch(
    /^begina{3995}\n\(4008 characters are left out here: .*\)\na{11997}end\nexit/,
  );
  expect(textOf("exec", { ...exec("", 0), exitCode: null, pid: 7 })).toBe("started, pid 7");
});

test("a copied picture is content of its own", () => {
  const picture = { type: "image/png", bytes: 3, base64: "AAAA" };
  const { content } = resultOf("clip.get", { types: [], text: null, picture }, false);
  expect(content).toEqual([
    { type: "text", text: '{"types":[],"picture":{"type":"image/png","bytes":3}}' },
    { type: "image", data: "AAAA", mimeType: "image/png" },
  ]);
});

test("a list that fails at its end says first what was done", () => {
  const done = { operation: "exec", status: "done", reply: exec("one\n", 0), error: null };
  const details = { results: [done], failed: null, screen: ["$"] };
  const { content } = failureOf(new NexoraError("timeout", "in vain", { details }), false);
  const text = ["1. exec: one", "exit status 0", "all 1 done", "timeout: in vain"];
  expect(content).toEqual([{ type: "text", text: [...text, "on the screen:", "$"].join("\n") }]);
});

test("a row is left out once for each reference that it repeats, and never one that was chosen", () => {
  const ref = { role: "button", value: null, states: [], depth: 0, holds: 0 };
  const refs = [{ ...ref, ref: "@e5", name: "5" }];
  const calculator = { ...dialog, title: "", lines: ["5", "4", "5"], refs, rows: null };
  const words = (more: object) => {
    const text = [{ ...calculator, ...more }];
    return textOf("screen", { ...screen, window: { id: "0x2" }, textRev: null, text });
  };
  expect(words({})).toBe('[0x2 * Zenity]\n4\n5\n\n@e5 button "5"');
  expect(words({ lines: ["5"], rows: [1] })).toBe('[0x2 * Zenity]\n5\n\n@e5 button "5"');
});

function exec(stdout: string, exitCode: number) {
  return {
    stdout,
    stderr: "",
    stdoutEncoding: "utf8",
    stderrEncoding: "utf8",
    exitCode,
    signal: null,
  };
}
