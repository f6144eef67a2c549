import { expect, test } from "bun:test";
import type { Display } from "../../../../daemon/display/types.ts";
import { Pointer } from "../../../../daemon/input/pointer.ts";
import { modifierKeysyms } from "../../../../src/keys/names.ts";

test("Shift goes down last, and comes up first", async () => {
  const sent: { keysym: number; down: boolean }[] = [];
  const display = {
    closed: false,
    keys: (all: { keysym: number; down: boolean }[]) => void sent.push(...all),
    pointerEvent: () => {},
    sync: async () => {},
  } as unknown as Display;
  const pointer = new Pointer(display, { x: 0, y: 0 }, new AbortController().signal);
  await pointer.click("left", 1, ["shift", "alt"]);
  const { shift, alt } = modifierKeysyms;
  expect(sent).toEqual([
    { keysym: alt, down: true },
    { keysym: shift, down: true },
    { keysym: shift, down: false },
    { keysym: alt, down: false },
  ]);
});
