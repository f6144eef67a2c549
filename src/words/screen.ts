import type { ScreenOptions, ScreenOutput, TextBlock } from "../contract/screen.ts";
import { plainLine } from "../plain-text.ts";

/** Characters of a thing's value that are printed. */
const maxValue = 80;

type Reference = NonNullable<TextBlock["refs"]>[number];

/** What of a screen is printed. */
type Printed = Pick<ScreenOutput, "window" | "text">;

/** How a screen is written down. */
export interface Style {
  /** Leaves out the windows of which nothing was chosen. */
  chosen: boolean;
  /** Each row gets its number, as grep gives them. */
  numbered: boolean;
  /** The focused window gets its heading also when it shows alone, unless it is a terminal; so do those without known text. */
  named: boolean;
}

/** The style for a person, of a screen that was looked at so: rows that were chosen here and there get their numbers. */
export function styleOf({ grep, since }: Partial<ScreenOptions>): Style {
  const chosen = grep !== undefined || since !== undefined;
  return { chosen, numbered: chosen, named: false };
}

/**
 * The text of all windows, without the empty rows at the end; empty for none. Each has a heading unless it
 * is that of the focused window alone. What is highlighted stands in «», and a cursor that was asked for
 * in a last line.
 */
export function screenText({ window, text }: Printed, style: Style): string {
  const blocks = (text ?? []).filter((block) => !style.chosen || saysSomething(block, style));
  const [first, ...others] = blocks;
  const alone = others.length === 0 && (first?.window ?? null) === (window?.id ?? null);
  if (first && alone && !(style.named && first.source !== "terminal")) {
    return blockText(first, style.numbered);
  }
  return blocks
    .map((block) => {
      const focused = block.window === window?.id;
      return `${heading(block, focused)}\n${blockText(block, style.numbered)}`;
    })
    .join("\n\n");
}

/** Whether a window has text or references, or is there without known text. */
export function saysSomething({ lines, refs, source }: TextBlock, { named }: Style): boolean {
  return (
    lines.some((line) => line !== "") || (refs ?? []).length > 0 || (named && source === "none")
  );
}

/** Rows as they are, without the empty ones at the end. */
export function rowsText(rows: readonly string[]): string {
  return rows.map(clean).join("\n").trimEnd();
}

/** `[0x40000c * XTerm: nexora@dev: /workspace]`. */
function heading({ window, title, class: kind }: TextBlock, focused: boolean): string {
  const names = [kind, title].map((it) => plainLine(it ?? "")).filter((it) => it !== "");
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

/**
 * Which rows say more than the references below them. Each accounts for one row that is only what it is called, and
 * one that is only what it holds; of those without a name the row with the value stays, behind that with its label.
 */
export function sayMore(
  lines: readonly string[],
  refs: readonly Pick<Reference, "name" | "value">[],
): boolean[] {
  const repeats = new Map<string, number>();
  for (const { name, value } of refs) {
    if (name === "") continue;
    for (const it of new Set([name, value || name])) repeats.set(it, (repeats.get(it) ?? 0) + 1);
  }
  return lines.map((line) => {
    const left = repeats.get(line.trim()) ?? 0;
    repeats.set(line.trim(), left - 1);
    return left <= 0;
  });
}

/** On one line, and not a whole document. */
function shortened(value: string): string {
  const text = clean(value.replace(/\s+/g, " "));
  return text.length > maxValue ? `${text.slice(0, maxValue)}…` : text;
}

/** What is said of each window that has gone from the screen: it may be there still, where nobody sees it. */
export function goneWords(gone: readonly string[]): string[] {
  const named = gone.filter((id) => id !== "");
  return named.map((id) => `${id} shows no more (closed, minimized or covered)`);
}

/** A row that only repeats a reference below is left out; of rows that were chosen none is. */
function rowsOf({ lines, rows, cursor, marks, refs }: TextBlock, numbered: boolean): string {
  const says = sayMore(lines, rows ? [] : (refs ?? []));
  const number = (at: number) => rows?.[at] ?? at + 1;
  const marksOf = (at: number) => marks?.filter(({ row }) => row === number(at)) ?? [];
  const text = lines
    .flatMap((line, at) =>
      says[at] ? `${numbered ? `${number(at)}:` : ""}${withMarks(line, marksOf(at))}` : [],
    )
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
