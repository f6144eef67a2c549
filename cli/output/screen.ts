import { NexoraError } from "../../src/contract/errors.ts";
import type { ScreenOptions, ScreenOutput, TextBlock } from "../../src/contract/screen.ts";
import type { Output } from "./output.ts";

/** A screen with the path of its picture's file in place of the picture's bytes. */
type Shown = Omit<ScreenOutput, "image"> & {
  image: Omit<NonNullable<ScreenOutput["image"]>, "base64"> | null;
  path: string | null;
};

/** What of a block is printed. */
type Printed = Pick<TextBlock, "lines"> & Partial<Pick<TextBlock, "rows" | "cursor" | "marks">>;

/**
 * The text of all windows, without the empty rows at the end; empty for none. What is highlighted
 * stands in «», and a cursor that was asked for in a last line. `numbered` gives rows their numbers, as
 * grep does.
 */
export function screenText(blocks: readonly Printed[] | null, numbered = false): string {
  return (blocks ?? []).map((block) => blockText(block, numbered)).join("\n\n");
}

/** Whether a look has chosen its rows here and there, so that their numbers say something. */
export function isNumbered(look: unknown): boolean {
  const { grep, changedSince } = (look ?? {}) as Partial<ScreenOptions>;
  return grep !== undefined || changedSince !== undefined;
}

function blockText({ lines, rows, cursor, marks }: Printed, numbered: boolean): string {
  const number = (at: number) => rows?.[at] ?? at + 1;
  const marksOf = (at: number) => marks?.filter(({ row }) => row === number(at)) ?? [];
  const text = lines
    .map((line, at) => `${numbered ? `${number(at)}:` : ""}${withMarks(line, marksOf(at))}`)
    .join("\n")
    .trimEnd();
  if (!cursor) return text;
  const row = numbered ? cursor.row : cursor.line;
  const where = row === null ? "on a row left out" : `row ${row}, column ${cursor.column}`;
  return `${text}\n[cursor: ${where}]`;
}

function withMarks(line: string, marks: NonNullable<Printed["marks"]>): string {
  let out = "";
  let from = 0;
  for (const { at, text } of marks) {
    out += `${clean(line.slice(from, at))}«${clean(text)}»`;
    from = at + text.length;
  }
  return out + clean(line.slice(from));
}

/** A row without control characters: what a program showed must not drive the reader's terminal. */
function clean(row: string): string {
  return row.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, "");
}

/** Says what of the text is missing, and why. */
export async function noteDegraded(output: Output, { text }: ScreenOutput): Promise<void> {
  for (const { degraded } of text ?? []) if (degraded) await output.note(`text: ${degraded}`);
}

/** With `changedSince`: the rev for the next time, and whether nothing has changed. */
export async function noteChanges(
  output: Output,
  { text }: ScreenOutput,
  since: unknown,
): Promise<void> {
  if (since === undefined) return;
  for (const { rev, lines } of text ?? []) {
    if (rev) await output.note(`${lines.length === 0 ? "no row has changed; " : ""}rev ${rev}`);
  }
}

export function withPath(screen: ScreenOutput, path: string | null): Shown {
  if (!screen.image) return { ...screen, image: null, path };
  const { base64: _, ...image } = screen.image;
  return { ...screen, image, path };
}

/** The bytes of a picture that came in JSON. */
export function decodePicture({
  format,
  base64,
}: Pick<NonNullable<ScreenOutput["image"]>, "format" | "base64">): Uint8Array {
  if (!/^(png|jpeg|webp)$/.test(format)) {
    throw new NexoraError("unexpected", `the daemon sent a picture of unknown type ${format}`);
  }
  return Buffer.from(base64, "base64");
}

/** Format that a file's name asks for. */
export function formatOf(path: string): string {
  const ending = /\.(png|jpe?g|webp)$/i.exec(path)?.[1]?.toLowerCase();
  return ending === "jpg" ? "jpeg" : (ending ?? "png");
}
