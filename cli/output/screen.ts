import { NexoraError } from "../../src/contract/errors.ts";
import type { ScreenOptions, ScreenOutput, TextBlock } from "../../src/contract/screen.ts";
import type { Output } from "./output.ts";
import { printable } from "./units.ts";

/** A screen with the path of its picture's file in place of the picture's bytes. */
type Shown = Omit<ScreenOutput, "image"> & {
  image: Omit<NonNullable<ScreenOutput["image"]>, "base64"> | null;
  path: string | null;
};

/** Characters of a thing's value that are printed. */
const maxValue = 80;

type Reference = NonNullable<TextBlock["refs"]>[number];

/** What of a screen is printed. */
type Printed = Pick<ScreenOutput, "window" | "text">;

/**
 * The text of all windows, without the empty rows at the end; empty for none. Each has a heading unless it
 * is that of the focused window alone. What is highlighted stands in «», and a cursor that was asked for
 * in a last line. `look` is how the screen was looked at: rows that were chosen here and there get their
 * numbers, as grep gives them, and windows without any are left out.
 */
export function screenText({ window, text }: Printed, look: unknown): string {
  const { grep, since } = (look ?? {}) as Partial<ScreenOptions>;
  const chooses = grep !== undefined || since !== undefined;
  const blocks = (text ?? []).filter(
    ({ lines, refs }) => !chooses || lines.length > 0 || (refs ?? []).length > 0,
  );
  const [first, ...others] = blocks;
  if (first && others.length === 0 && (first.window ?? null) === (window?.id ?? null)) {
    return blockText(first, chooses);
  }
  return blocks
    .map((block) => `${heading(block, block.window === window?.id)}\n${blockText(block, chooses)}`)
    .join("\n\n");
}

/** Rows as they are, without the empty ones at the end. */
export function rowsText(rows: readonly string[]): string {
  return rows.map(clean).join("\n").trimEnd();
}

/** `[0x40000c * XTerm: nexora@dev: /workspace]`. */
function heading({ window, title, class: kind }: TextBlock, focused: boolean): string {
  const names = [kind, title].map((it) => printable(it ?? "")).filter((it) => it !== "");
  const id = `${window ?? "no window"}${focused ? " *" : ""}`;
  return `[${[id, names.join(": ")].join(" ").trimEnd()}]`;
}

function blockText(block: TextBlock, numbered: boolean): string {
  const refs = (block.refs ?? []).map(refText).join("\n");
  return [rowsOf(block, numbered), refs].filter((part) => part !== "").join("\n\n");
}

/** `  @e12 checkbox "Wrap lines" checked`; what it holds besides in brackets. */
function refText({ ref, role, name, value, states, depth, holds }: Reference): string {
  const facts = [
    ...[ref, role, name === "" ? "" : JSON.stringify(clean(name))],
    value === null ? "" : `= ${JSON.stringify(shortened(value))}`,
    ...states,
    holds > 0 ? `(${holds} more in it)` : "",
  ];
  return `${"  ".repeat(depth)}${facts.filter((fact) => fact !== "").join(" ")}`;
}

/** On one line, and not a whole document. */
function shortened(value: string): string {
  const text = clean(value.replace(/\s+/g, " "));
  return text.length > maxValue ? `${text.slice(0, maxValue)}…` : text;
}

function rowsOf({ lines, rows, cursor, marks }: TextBlock, numbered: boolean): string {
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

function withMarks(line: string, marks: NonNullable<TextBlock["marks"]>): string {
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
export async function noteDegraded(
  output: Output,
  { text, degraded }: ScreenOutput,
): Promise<void> {
  const blocks = text ?? [];
  for (const block of blocks) {
    const where = blocks.length > 1 ? `${block.window}: ` : "";
    if (block.degraded) await output.note(`text: ${where}${printable(block.degraded)}`);
  }
  if (degraded) await output.note(`text: ${printable(degraded)}`);
}

/** With `since`: the rev for the next time, whether nothing has changed, and which windows have gone. */
export async function noteChanges(
  output: Output,
  { text, textRev, gone, boxes }: ScreenOutput,
  since: unknown,
): Promise<void> {
  if (since === undefined || textRev === null) return;
  for (const id of gone ?? []) await output.note(`${id} has gone`);
  for (const { x, y, width, height } of boxes ?? []) {
    await output.note(`pixels have changed at ${x},${y},${width},${height}`);
  }
  const same = text?.every(({ lines }) => lines.length === 0);
  await output.note(`${same ? "no row has changed; " : ""}rev ${textRev}`);
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
