import { expect, test } from "bun:test";
import { chordBytes, textBytes } from "../../../src/keys/bytes.ts";
import { parseChord } from "../../../src/keys/chord.ts";

const xterm: [chord: string, bytes: string | null][] = [
  ["a", "a"],
  ["A", "A"],
  ["shift+1", "!"],
  ["é", "é"],
  ["ctrl+a", "\x01"],
  ["ctrl+shift+t", "\x14"],
  ["ctrl+space", "\0"],
  ["ctrl+[", "\x1b"],
  ["ctrl+\\", "\x1c"],
  ["ctrl+_", "\x1f"],
  ["ctrl+/", "\x1f"],
  ["ctrl+6", "\x1e"],
  ["ctrl+1", "1"],
  ["alt+x", "\x1bx"],
  ["alt+shift+x", "\x1bX"],
  ["ctrl+alt+x", "\x1b\x18"],
  ["alt+é", "\x1bé"],
  ["Return", "\r"],
  ["Tab", "\t"],
  ["shift+Tab", "\x1b[Z"],
  ["Escape", "\x1b"],
  ["BackSpace", "\x7f"],
  ["ctrl+BackSpace", "\b"],
  ["Delete", "\x1b[3~"],
  ["Page_Up", "\x1b[5~"],
  ["ctrl+Page_Up", "\x1b[5;5~"],
  ["Up", "\x1b[A"],
  ["alt+Up", "\x1b[1;3A"],
  ["Home", "\x1b[H"],
  ["KP_Home", "\x1b[H"],
  ["F1", "\x1bOP"],
  ["shift+F1", "\x1b[1;2P"],
  ["F10", "\x1b[21~"],
  ["ctrl+F5", "\x1b[15;5~"],
  ["F13", "\x1b[25~"],
  ["KP_0", "0"],
  ["KP_Enter", "\r"],
  ["KP_Add", "+"],
  ["super", null],
  ["Caps_Lock", null],
  ["XF86AudioMute", null],
];

test.each(xterm)("xterm sends for %p the bytes %p", (chord, bytes) => {
  expect(chordBytes(parseChord(chord))).toBe(bytes);
});

test("application cursor mode changes the arrows without modifiers only", () => {
  const bytes = (chord: string) => chordBytes(parseChord(chord), { applicationCursor: true });
  expect(bytes("Up")).toBe("\x1bOA");
  expect(bytes("ctrl+Up")).toBe("\x1b[1;5A");
  expect(bytes("Delete")).toBe("\x1b[3~");
});

test("text has one Return for each line end and DEL for a backspace", () => {
  expect(textBytes("a\nb\rc\r\nd\n\ne\b\tü")).toBe("a\rb\rc\rd\r\re\x7f\tü");
});
