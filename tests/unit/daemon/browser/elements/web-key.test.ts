import { expect, test } from "bun:test";
import { webKey } from "../../../../../daemon/browser/elements/web-key.ts";
import { parseChord } from "../../../../../src/keys/chord.ts";

const keyOf = (chord: string) => webKey(parseChord(chord).keysym);

test("keys go by the web's names, and characters write themselves", () => {
  expect(keyOf("Return")).toEqual({ key: "Enter", code: "Enter", keyCode: 13, text: "\r" });
  expect(keyOf("ArrowLeft")).toEqual({ key: "ArrowLeft", code: "ArrowLeft", keyCode: 37 });
  expect(keyOf("F5")).toEqual({ key: "F5", code: "F5", keyCode: 116 });
  expect(keyOf("a")).toEqual({ key: "a", code: "KeyA", keyCode: 65, text: "a" });
  expect(keyOf("A")).toEqual({ key: "A", code: "KeyA", keyCode: 65, text: "A" });
  expect(keyOf("shift+1")).toEqual({ key: "!", code: "Digit1", keyCode: 49, text: "!" });
  expect(keyOf("space")).toEqual({ key: " ", code: "Space", keyCode: 32, text: " " });
  expect(keyOf("?")).toEqual({ key: "?", code: "Slash", keyCode: 191, text: "?" });
  expect(keyOf("KP_5")).toEqual({ key: "5", code: "Numpad5", keyCode: 101, text: "5" });
  expect(keyOf("KP_Add")).toEqual({ key: "+", code: "NumpadAdd", keyCode: 107, text: "+" });
  expect(keyOf("ctrl")).toEqual({ key: "Control", code: "ControlLeft", keyCode: 17 });
});

test("a character that the US layout lacks has no code, and is written all the same", () => {
  expect(keyOf("é")).toEqual({ key: "é", code: "", keyCode: 0, text: "é" });
  expect(keyOf("€")).toEqual({ key: "€", code: "", keyCode: 0, text: "€" });
});
