import { describe, expect, test } from "bun:test";
import { batches, burst, paced } from "../../../../daemon/input/batches.ts";
import { inKeymap, strokeEvents, textStrokes } from "../../../../daemon/input/strokes.ts";
import { chordBytes } from "../../../../src/keys/bytes.ts";
import { parseChord } from "../../../../src/keys/chord.ts";

describe("the strokes of a text", () => {
  test("make a terminal send the same ASCII, control characters included", () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join("");
    const sent = textStrokes(ascii)
      .map((stroke) => chordBytes(stroke))
      .join("");
    expect(sent).toBe(ascii.replace("\b", "\x7f").replace("\n", "\r"));
  });

  test("have one Return for CR LF", () => {
    expect(textStrokes("\r\n\n\r")).toHaveLength(3);
  });

  test("never hold Shift: the keysym says which character is meant", () => {
    expect(textStrokes("A!é漢").every((stroke) => stroke.modifiers.length === 0)).toBeTrue();
  });

  test("do not exist for what no key carries", () => {
    expect(() => textStrokes("fine\u0085")).toThrow("U+0085");
  });
});

test("every key of a stroke goes up again, in the opposite order", () => {
  const events = strokeEvents([parseChord("ctrl+shift+t")]);
  expect(events.map(({ keysym, down }) => (down ? keysym : -keysym))).toEqual([
    0xffe3, 0xffe1, 0x54, -0x54, -0xffe1, -0xffe3,
  ]);
});

test("the keymap has ASCII and the function keys, and lacks the rest", () => {
  const has = (chord: string) => inKeymap(parseChord(chord).keysym);
  expect(["a", "~", "Return", "F12", "KP_0", "ctrl"].every(has)).toBeTrue();
  expect(["é", "€", "漢", "F13"].some(has)).toBeFalse();
});

describe("batches", () => {
  const sizes = (text: string, limits = paced) =>
    [...batches(textStrokes(text), limits)].map((batch) => batch.length);

  test("hold six new characters at most, however often each comes", () => {
    expect(sizes("αβγδεζ".repeat(3))).toEqual([18]);
    expect(sizes("αβγδεζη")).toEqual([6, 1]);
    expect(sizes("a α b β c γ d δ e ε f ζ g η")).toEqual([26, 1]);
  });

  test("are bounded in length", () => {
    expect(sizes("ä".repeat(130))).toEqual([64, 64, 2]);
    expect(sizes("a".repeat(4001), burst)).toEqual([2000, 2000, 1]);
    expect(sizes("")).toEqual([]);
  });

  test("keep every stroke in order", () => {
    const strokes = textStrokes("Съешь же ещё этих мягких французских булок".repeat(5));
    expect([...batches(strokes, paced)].flat()).toEqual(strokes);
  });
});
