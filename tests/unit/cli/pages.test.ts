import { expect, test } from "bun:test";
import { jsonText } from "../../../cli/output/pages.ts";
import type { Changed } from "../../../src/contract/chrome-changes.ts";
import { changedText, landedText } from "../../../src/words/page.ts";

const nothing: Changed = {
  navigated: null,
  loading: null,
  opened: [],
  closed: [],
  dialog: null,
  downloads: [],
  focused: null,
  snapshot: null,
};

test("what an action has changed is a line each, and then the tree", () => {
  expect(changedText(nothing)).toBe("");
  const changed: Changed = {
    navigated: { url: "http://a/", title: 'A "page"', status: 404, failed: null },
    loading: "http://a/b",
    opened: [{ tab: "t2", url: "http://c/", title: "" }],
    closed: ["t1"],
    dialog: { type: "prompt", message: "Name?", defaultText: "Jo" },
    downloads: [{ file: "/workspace/downloads/a.pdf", state: "done" }],
    focused: 'textbox "Email"',
    snapshot: "  main\n+  button",
  };
  expect(changedText(changed).split("\n")).toEqual([
    'http://a/ "A \\"page\\"" 404',
    "still loading http://a/b",
    "opened t2 http://c/",
    "closed t1",
    'dialog prompt: "Name?", suggests "Jo"; `nexora chrome dialog accept` or `dismiss` answers it',
    "download /workspace/downloads/a.pdf (done)",
    'focus on textbox "Email"',
    "  main",
    "+  button",
  ]);
  expect(changedText({ ...nothing, snapshot: "" })).toBe("nothing of the page has changed");
});

test("where a page has landed, and how far it has come", () => {
  const landed = { tab: "t1", url: "http://a/", title: "A", status: 200, restarted: null };
  const at = (reached: "load" | "commit" | null) =>
    landedText({ ...landed, reached, changed: nothing });
  expect([at("load"), at("commit"), at(null)]).toEqual([
    'http://a/ "A" 200',
    'http://a/ "A" 200 (commit)',
    'http://a/ "A" 200 (not there yet)',
  ]);
});

test("nothing that a page says drives the reader's terminal", () => {
  const hostile = "\u001b]0;x\u0007\u009b31m";
  const text = changedText({
    ...nothing,
    navigated: { url: hostile, title: hostile, status: null, failed: hostile },
    dialog: { type: "alert", message: hostile, defaultText: null },
    snapshot: hostile,
  });
  for (const printed of [text, jsonText({ [hostile]: hostile })]) {
    expect(printed).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  }
  expect(JSON.parse(jsonText({ a: hostile }))).toEqual({ a: hostile });
});
