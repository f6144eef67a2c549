/**
 * Of what a runner's replies (src/runner/protocol.ts) are made, each with a bound: the session's user
 * can put a program of his own in the runner's place. Texts that are too long are cut, and all that
 * is a name, a title or a message is one line of printable characters. What an older runner does not
 * tell has a default; what a newer one tells besides is left out.
 */
import { z } from "zod";
import { plainLine } from "../../src/plain-text.ts";

/** Characters of one row: a cell may hold a character and some combining ones. */
export const maxRow = 32 * 1024;

export const line = (most: number) =>
  z.string().transform((text) => plainLine(text).slice(0, most));
export const text = (most: number) => z.string().transform((it) => it.slice(0, most));
export const whole = (least: number, most: number) => z.number().int().min(least).max(most);
export const count = whole(0, Number.MAX_SAFE_INTEGER);
export const id = z.string().max(64);
/** A place on the desktop, in pixels. */
export const pixel = whole(-65_536, 65_536);
/** How a command ended. */
export const status = whole(-(2 ** 31), 2 ** 31 - 1).nullable();

export const rectangle = z.object({
  x: pixel,
  y: pixel,
  width: whole(0, 65_536),
  height: whole(0, 65_536),
});
