import type { Summary } from "./measure.ts";

/** One measured thing, with what it should be. */
export interface Row {
  what: string;
  unit: "ms" | "MiB" | "%" | "chars" | "tokens";
  ours: Summary;
  theirs?: { what: string; summary: Summary };
  /** Without one, the row is there to explain another. */
  goal?: Goal;
}

export interface Goal {
  /** Most that ours may be, in the row's unit. */
  atMost?: number;
  /** Least that ours may be, in the row's unit. */
  atLeast?: number;
  /** Least that theirs ÷ ours may be. */
  faster?: number;
  /** Most that ours ÷ theirs may be. */
  ofTheirs?: number;
}

/** Theirs ÷ ours by the medians: above 1 ours is faster. */
export function ratioOf({ ours, theirs }: Row): number | null {
  return theirs ? theirs.summary.median / ours.median : null;
}

/** Whether the medians reach the goal; null without one. */
export function isReached(row: Row): boolean | null {
  if (!row.goal) return null;
  const { atMost = Infinity, atLeast = 0, faster = 0, ofTheirs = Infinity } = row.goal;
  const ratio = ratioOf(row) ?? Infinity;
  const { median } = row.ours;
  return median <= atMost && median >= atLeast && ratio >= faster && 1 / ratio <= ofTheirs;
}

const headings = ["", "today's way", "median", "p95", "ours", "p95", "ratio", "goal", ""];

/** The rows as a table in Markdown, aligned for a terminal. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) =>
    Math.max(3, ...cells.map((line) => (line[column] ?? "").length)),
  );
  const isNumber = (column: number) => column >= 2 && column <= 6;
  const pad = (text: string, column: number) =>
    isNumber(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  const lines = cells.map((line) => `| ${line.map(pad).join(" | ")} |`);
  const rule = widths.map((width, column) =>
    isNumber(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [lines[0], `| ${rule.join(" | ")} |`, ...lines.slice(1)].join("\n");
}

function cellsOf(row: Row): string[] {
  const { what, unit, ours, theirs, goal } = row;
  const reached = isReached(row);
  return [
    what,
    theirs?.what ?? "—",
    theirs ? show(theirs.summary.median, unit) : "",
    theirs ? show(theirs.summary.p95, unit) : "",
    show(ours.median, unit),
    show(ours.p95, unit),
    renderRatio(row),
    goal ? renderGoal(goal, unit) : "",
    reached === null ? "" : reached ? "reached" : "MISSED",
  ];
}

/** The ratio in the direction in which the goal states it. */
function renderRatio(row: Row): string {
  const ratio = ratioOf(row);
  if (ratio === null) return "";
  return row.goal?.ofTheirs === undefined
    ? `${ratio.toPrecision(3)} × faster`
    : `${(1 / ratio).toPrecision(3)} × theirs`;
}

function renderGoal({ atMost, atLeast, faster, ofTheirs }: Goal, unit: Row["unit"]): string {
  return [
    ...(faster === undefined ? [] : [`≥ ${faster} × faster`]),
    ...(ofTheirs === undefined ? [] : [`≤ ${ofTheirs} × theirs`]),
    ...(atMost === undefined ? [] : [`≤ ${atMost} ${unit}`]),
    ...(atLeast === undefined ? [] : [`≥ ${atLeast} ${unit}`]),
  ].join(", ");
}

function show(value: number, unit: Row["unit"]): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}
