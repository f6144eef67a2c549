/**
 * Control characters that a keyboard sends for keys of their own, each with the character that may
 * belong to it, as `c` does to tmux's prefix in `\x02c`. Return, Tab and BackSpace are text, and so is
 * an Escape that begins a control sequence (CSI), whose characters belong together.
 */
const keys = /([\0-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f]|\x1b(?!\[))([^\0-\x1f])?/gu;

/** A part of a text: some characters, or one that a program must take for a key. */
export interface Piece {
  text: string;
  isKey: boolean;
}

/** Cuts a text around keys; with a delay, into characters, or not at all if it is 0. */
export function piecesOf(text: string, delayMs?: number): Piece[] {
  if (delayMs === 0) return [{ text, isKey: false }];
  if (delayMs !== undefined) {
    return Array.from(text.replaceAll("\r\n", "\r"), (text) => ({ text, isKey: true }));
  }
  // Of a split by a pattern with two groups, every third part is text between what they matched.
  const parts = text.split(keys).map((part = "", at) => ({ text: part, isKey: at % 3 > 0 }));
  return parts.filter((piece) => piece.text !== "");
}
