import { describe, expect, test } from "bun:test";
import type { Display, KeyEvent, Region } from "../../../../daemon/display/types.ts";
import { holdStrokes, sendStrokes } from "../../../../daemon/input/keyboard.ts";
import { textStrokes } from "../../../../daemon/input/strokes.ts";
import { parseChord } from "../../../../src/keys/chord.ts";

/** A display that paints at once and keeps each write. */
function desk(onKeys: () => void = () => {}) {
  const writes: KeyEvent[][] = [];
  const listeners = new Set<(regions: readonly Region[]) => void>();
  const display: Display = {
    framebuffer: { width: 1, height: 1, pixels: new Uint8Array(4) },
    pointer: null,
    closed: null,
    rev: () => "0000000000000000",
    changedSince: () => null,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onClose: () => () => {},
    pointerEvent: () => {},
    sync: async () => {
      for (const listener of listeners) listener([]);
    },
    keys: (events) => {
      writes.push([...events]);
      onKeys();
    },
  };
  return { display, writes };
}

/** The characters that went down, those under Ctrl as `^x`; and no key is down at the end. */
function typed(events: readonly KeyEvent[]): string {
  const held = new Set<number>();
  let text = "";
  for (const { keysym, down } of events) {
    if (!down) held.delete(keysym);
    else {
      held.add(keysym);
      const character = String.fromCodePoint(keysym & 0xffffff);
      if (keysym !== 0xffe3) text += held.has(0xffe3) ? `^${character}` : character;
    }
  }
  expect(held.size).toBe(0);
  return text;
}

describe("strokes", () => {
  test("that the keymap has go in one write", async () => {
    const { display, writes } = desk();
    expect(await sendStrokes(display, textStrokes("ls -la"), { announce: true })).toBe("keys");
    expect(writes.map(typed)).toEqual(["ls -la"]);
  });

  test("that it lacks go in batches", async () => {
    const { display, writes } = desk();
    const path = await sendStrokes(display, textStrokes("xαβγδεζηθ"), { announce: false });
    expect(path).toBe("keys-paced");
    expect(writes.map(typed)).toEqual(["xαβγδεζ", "ηθ"]);
  });

  test("are announced to graphical windows one batch ahead", async () => {
    const { display, writes } = desk();
    await sendStrokes(display, textStrokes("aαβγδεζηηb"), { announce: true });
    expect(writes.map(typed)).toEqual(["^α^β^γ^δ^ε^ζ", "aαβγδεζ^η", "ηηb"]);
  });

  test("stop between two batches when the caller goes away, with no key down", async () => {
    const caller = new AbortController();
    const { display, writes } = desk(() => caller.abort());
    const sent = sendStrokes(
      display,
      textStrokes("x".repeat(5000)),
      { announce: false },
      caller.signal,
    );
    await expect(sent).rejects.toMatchObject({ code: "interrupted" });
    expect(writes.map((events) => typed(events).length)).toEqual([2000]);
  });
});

test("a held stroke goes up when the caller goes away", async () => {
  const caller = new AbortController();
  const { display, writes } = desk();
  const held = holdStrokes(display, [parseChord("ctrl+a"), parseChord("b")], 60_000, caller.signal);
  caller.abort();
  await expect(held).rejects.toMatchObject({ code: "interrupted" });
  expect(typed(writes.flat())).toBe("^a");
});
