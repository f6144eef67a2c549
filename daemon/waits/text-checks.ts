import type { Evidence, WaitCondition } from "../../src/contract/wait.ts";
import { settled } from "../../src/settled.ts";
import { placeOf } from "../perception/places.ts";
import { textsOf } from "../perception/rows.ts";
import type { WindowText } from "../perception/window-text.ts";
import { type Held, held } from "./held.ts";

/** For each pattern, which of the texts it matches. */
export type MatchPatterns = (
  patterns: readonly string[],
  texts: readonly string[],
) => Promise<boolean[][]>;

/** One way to read the text of a window. */
export interface Reading {
  of: WindowText;
  text: string;
}

/** Says what of the text holds, each pattern in turn: of any window, by what of it shows; null: it does not. */
export async function textChecks(
  { text, gone }: WaitCondition,
  shown: readonly WindowText[],
  matches: MatchPatterns,
): Promise<(Held | null)[]> {
  const all = shown.filter(({ source }) => source !== "none").flatMap(readings);
  const texts = all.map((each) => each.text);
  const patterns = [...text, ...gone];
  if (patterns.length === 0 || all.length === 0) return patterns.map(() => null);
  const found = await matches(patterns, texts);
  // What could not be read may still be there.
  const isSure = shown.every(({ isPartial }) => !isPartial);
  const first = (at: number) => all[found[at]?.indexOf(true) ?? -1]?.of ?? null;
  return settled([
    ...text.map(async (pattern, at) => {
      const of = first(at);
      return of && held(`text=${pattern}`, await evidenceOf(pattern, of, matches));
    }),
    ...gone.map(async (pattern, at) =>
      first(text.length + at) || !isSure ? null : held(`gone=${pattern}`),
    ),
  ]);
}

/** The window, and the last row that a pattern matches, if one does alone. */
export async function evidenceOf(
  pattern: string,
  of: WindowText,
  matches: MatchPatterns,
): Promise<Partial<Evidence>> {
  const [each = []] = await matches([pattern], textsOf(of.rows));
  const row = of.rows[each.lastIndexOf(true)];
  const { id = "", title = "", class: name = "" } = of.window ?? {};
  return {
    window: of.window && { id, title, class: name },
    line: row?.text ?? null,
    region: row ? placeOf(of, row, 0, row.text.length) : (of.window?.region ?? null),
  };
}

/**
 * The text as it stands, and that of a terminal also with the cursor's row filled up to the cursor: so
 * that `>>> $` finds a prompt that ends in a space.
 */
export function readings(of: WindowText): Reading[] {
  const { rows, terminal } = of;
  const plain = { of, text: textsOf(rows).join("\n") };
  if (!terminal) return [plain];
  const { cursor } = terminal.state;
  const at = rows.findIndex(({ number }) => number === terminal.above + cursor.y + 1);
  const row = rows[at];
  if (!row || row.text.length >= cursor.x) return [plain];
  const filled = textsOf(rows).with(at, row.text.padEnd(cursor.x));
  return [plain, { of, text: filled.join("\n") }];
}
