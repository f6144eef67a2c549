import { describe, expect, test } from "bun:test";
import { NexoraError } from "../../../src/contract/errors.ts";
import { keyAliases } from "../../../src/keys/aliases.ts";
import { parseChord } from "../../../src/keys/chord.ts";
import { keysyms } from "../../../src/keys/keysyms.ts";

const [ctrl, alt, shift, superKey] = [0xffe3, 0xffe9, 0xffe1, 0xffeb];

const grammar: [written: string, canonical: string, modifiers: number[], keysym: number][] = [
  // X's names, in any case
  ["Return", "Return", [], 0xff0d],
  ["ESCAPE", "Escape", [], 0xff1b],
  ["page_up", "Page_Up", [], 0xff55],
  ["Prior", "Page_Up", [], 0xff55],
  ["KP_0", "KP_0", [], 0xffb0],
  ["F12", "F12", [], 0xffc9],
  ["XF86AudioMute", "XF86AudioMute", [], 0x1008ff12],
  ["ctrl+c", "ctrl+c", [ctrl], 0x63],
  ["Alt+F4", "alt+F4", [alt], 0xffc1],
  ["ctrl+alt+Delete", "ctrl+alt+Delete", [ctrl, alt], 0xffff],
  ["super", "super", [], superKey],
  ["Super_L", "super", [], superKey],
  ["Control_L+c", "ctrl+c", [ctrl], 0x63],
  // Shift sends the shifted character, and goes down last
  ["ctrl+shift+t", "ctrl+shift+t", [ctrl, shift], 0x54],
  ["shift+ctrl+T", "ctrl+shift+t", [ctrl, shift], 0x54],
  ["shift+1", "shift+1", [shift], 0x21],
  ["shift+super+é", "shift+super+é", [superKey, shift], 0xc9],
  ["shift+Tab", "shift+Tab", [shift], 0xff09],
  // Case of a letter counts only without modifiers
  ["a", "a", [], 0x61],
  ["A", "A", [], 0x41],
  ["ctrl+A", "ctrl+a", [ctrl], 0x61],
  // Characters
  [":", ":", [], 0x3a],
  ["é", "é", [], 0xe9],
  ["e\u0301", "é", [], 0xe9],
  ["€", "€", [], 0x10020ac],
  ["🙂", "🙂", [], 0x101f642],
  ["U+1F642", "🙂", [], 0x101f642],
  ["exclam", "!", [], 0x21],
  ["Adiaeresis", "Ä", [], 0xc4],
  ["adiaeresis", "ä", [], 0xe4],
  [" ", "space", [], 0x20],
  ["\u00a0", "nobreakspace", [], 0xa0],
  // `+` and `-` as keys
  ["+", "+", [], 0x2b],
  ["-", "-", [], 0x2d],
  ["ctrl++", "ctrl++", [ctrl], 0x2b],
  ["ctrl+-", "ctrl+-", [ctrl], 0x2d],
  ["C--", "ctrl+-", [ctrl], 0x2d],
  ["^", "^", [], 0x5e],
  // tmux
  ["C-c", "ctrl+c", [ctrl], 0x63],
  ["M-x", "alt+x", [alt], 0x78],
  ["C-M-x", "ctrl+alt+x", [ctrl, alt], 0x78],
  ["S-Tab", "shift+Tab", [shift], 0xff09],
  ["BTab", "shift+Tab", [shift], 0xff09],
  ["BSpace", "BackSpace", [], 0xff08],
  ["PPage", "Page_Up", [], 0xff55],
  ["DC", "Delete", [], 0xffff],
  ["^c", "ctrl+c", [ctrl], 0x63],
  ["^[", "ctrl+[", [ctrl], 0x5b],
  // Playwright
  ["Control+c", "ctrl+c", [ctrl], 0x63],
  ["ArrowLeft", "Left", [], 0xff51],
  ["Meta+a", "super+a", [superKey], 0x61],
  ["Digit1", "1", [], 0x31],
  ["KeyA", "a", [], 0x61],
  ["Control+Shift+KeyT", "ctrl+shift+t", [ctrl, shift], 0x54],
  ["Numpad5", "KP_5", [], 0xffb5],
  ["Backquote", "`", [], 0x60],
  ["ShiftRight", "Shift_R", [], 0xffe2],
  // vncdo
  ["ctrl-c", "ctrl+c", [ctrl], 0x63],
  ["ctrl-alt-del", "ctrl+alt+Delete", [ctrl, alt], 0xffff],
  ["pgup", "Page_Up", [], 0xff55],
  ["bslash", "\\", [], 0x5c],
  // Plain words
  ["enter", "Return", [], 0xff0d],
  ["esc", "Escape", [], 0xff1b],
  ["del", "Delete", [], 0xffff],
  ["page-down", "Page_Down", [], 0xff56],
];

describe("a chord", () => {
  test.each(grammar)("%p is %p", (written, canonical, modifiers, keysym) => {
    expect(parseChord(written)).toEqual({ canonical, modifiers, keysym });
  });

  test("has one canonical spelling, which parses to itself", () => {
    const written = [...grammar.map(([it]) => it), ...keysyms.keys(), ...keyAliases.keys()];
    for (const key of written) {
      for (const prefix of ["", "ctrl+", "alt+shift+", "super+"]) {
        const chord = parseChord(prefix + key);
        expect(parseChord(chord.canonical)).toEqual(chord);
      }
    }
  });

  test("means its own keysym under each of X's names", () => {
    for (const [name, keysym] of keysyms) {
      const expected = name === "EuroSign" ? 0x10020ac : keysym;
      expect([name, parseChord(name).keysym]).toEqual([name, expected]);
    }
  });
});

describe("an unknown key", () => {
  const unknown: [written: string, nearest: string | null][] = [
    ["Retrun", "Return"],
    ["ctrl+Escpae", "Escape"],
    ["pgdwn", "Page_Down"],
    ["ArowLeft", "Left"],
    ["ctrl+", "ctrl"],
    ["F36", "F3"],
    ["", null],
    ["hello world", null],
    ["c+x", null],
    ["foo+x", null],
    ["\n", null],
    ["\ud83d", null],
  ];

  test.each(unknown)("%p is a usage error that suggests %p", (written, nearest) => {
    let thrown: unknown;
    try {
      parseChord(written);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(NexoraError);
    const { code, hint } = thrown as NexoraError;
    expect(code).toBe("usage");
    expect(hint).toContain(nearest === null ? "X's names" : nearest);
  });
});
