import type { TextBlock } from "../../src/contract/screen.ts";
import type { RunnerTerminal } from "../../src/runner/terminal.ts";
import type { Region } from "../display/types.ts";
import type { Row } from "./rows.ts";
import type { SeenWindow, SourceText, TextSource } from "./source.ts";
import { isIn } from "./visible.ts";

/** What is known of a window's text: all of its rows that show, before any are chosen. */
export interface WindowText {
  /** Null: no window has the focus, or the runner does not tell of windows. */
  window: SeenWindow | null;
  source: TextBlock["source"];
  rows: Row[];
  /** Whether rows are missing because something covers them. */
  hides: boolean;
  /** Why the text is incomplete. */
  why: string[];
  /** Its source could not tell all of it. */
  isPartial: boolean;
  /** Where the rows stand on the desktop, by their numbers, as far as a source has told. */
  boxes: ReadonlyMap<number, Region>;
  /** Of a page: the parts of the desktop that it accounts for, not all of its window. */
  covers?: readonly Region[];
  /** Of recognised rows, by their numbers: how sure they are, from 0 to 1. */
  confidences?: ReadonlyMap<number, number>;
  /** Of a terminal: its state, and how many rows stand above its screen. */
  terminal: { state: RunnerTerminal; above: number } | null;
}

/** The text that a source has given, without the lines that something covers. */
export function sourceText(
  window: SeenWindow,
  source: TextSource["source"] | "ocr",
  { lines, degraded, covers }: SourceText,
): WindowText {
  const rows = lines.map(({ text }, at) => ({ number: at + 1, text }));
  const showing = rows.filter((_, at) => isShowing(window, lines[at]?.box ?? null));
  const hides = showing.length < rows.length;
  const unplaced = window.coveredBy.length > 0 && lines.some(({ box }) => box === null);
  const why = [
    degraded,
    hides ? `lines are hidden by ${coverers(window)}` : null,
    unplaced
      ? `some of it may be hidden by ${coverers(window)}: where it stands is not known`
      : null,
  ];
  const boxes = new Map<number, Region>();
  const confidences = new Map<number, number>();
  for (const [at, { box, confidence }] of lines.entries()) {
    if (box) boxes.set(at + 1, box);
    if (confidence !== undefined) confidences.set(at + 1, confidence);
  }
  return {
    ...{
      window,
      source,
      rows: showing,
      hides,
      boxes,
      isPartial: degraded !== null,
      terminal: null,
    },
    ...(covers ? { covers } : {}),
    ...(confidences.size > 0 ? { confidences } : {}),
    why: why.filter((it) => it !== null),
  };
}

/** A window of which nothing is known but that it is there. */
export function noText(window: SeenWindow | null, why: string): WindowText {
  const nothing = { rows: [], hides: false, boxes: new Map(), isPartial: false, terminal: null };
  return { window, source: "none", ...nothing, why: [why] };
}

/** The windows that cover some of one, in a few words. */
export function coverers({ coveredBy }: SeenWindow): string {
  const [first, ...others] = coveredBy;
  return others.length > 0
    ? `${first} and ${others.length} more`
    : `${first ?? "the screen's edge"}`;
}

/** By its middle. Where it stands nobody knows: as long as any of the window shows. */
function isShowing({ visible }: SeenWindow, box: SourceText["lines"][number]["box"]): boolean {
  if (!box) return visible.length > 0;
  return isIn(box.x + box.width / 2, box.y + box.height / 2, visible);
}
