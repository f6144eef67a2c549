import { expect, test } from "bun:test";
import type { OutlineNode } from "../../../../../daemon/browser/elements/replies.ts";
import { lineText } from "../../../../../daemon/browser/elements/snapshots.ts";

const line = (node: Partial<OutlineNode>, ref: string | null = null) =>
  lineText(
    {
      ...{ depth: 0, role: "button", name: "", n: null, states: [], value: null, text: null },
      ...{ box: null, frame: false },
      ...node,
    },
    ref,
  );

test("a line says role, name, ref, states and value, and no more than it has", () => {
  expect(line({ name: "Save" }, "@e5")).toBe('button "Save" @e5');
  expect(line({ depth: 2, role: "listitem", text: "Milk" })).toBe("  listitem: Milk");
  expect(line({ role: "heading", name: "News", states: ["level=2"] })).toBe('heading 2 "News"');
  expect(line({ role: "textbox", name: "Name", value: "", states: ["focused"] }, "@e1")).toBe(
    'textbox "Name" @e1 [focused]',
  );
  expect(line({ role: "textbox", name: "Name", value: "Ann" }, "@e1")).toBe(
    'textbox "Name" @e1: Ann',
  );
  expect(line({ role: "", text: 'He said "no"' })).toBe('"He said \\"no\\""');
});

test("a line stays one line without control characters, whatever the page says", () => {
  expect(line({ name: "a\nb\u001b[31m\u202ec" })).toBe('button "a b[31mc"');
});
