import type { Rectangle } from "../x11/requests.ts";
import type { Accessible, Atspi } from "./atspi.ts";
import { intersection } from "./boxes.ts";

/** A stretch of text as it is shown; the box is that on the desktop, null: unknown. */
export interface Line {
  text: string;
  box: Rectangle | null;
}

/** Longest text of one element that is read, in characters, and most lines. */
const [maxText, maxLines] = [64 * 1024, 500];
/** Up to here a text is taken to be shown on one line, without asking. */
const shortText = 24;
/** How far inside of its corners a text is asked what stands there, in pixels. */
const inset = 2;

/**
 * What an element's Text interface shows within `box`, line by line as they are shown. Without a box, all
 * of it, by its own line feeds. `missed` is called when it is not all, since its program has not answered.
 */
export async function visibleText(
  atspi: Atspi,
  it: Accessible,
  box: Rectangle | null,
  missed: (error: unknown) => void,
): Promise<Line[]> {
  const length = await atspi.length(it);
  if (length === 0) return [];
  if (!box) return linesOf(await atspi.text(it, 0, Math.min(length, maxText)));
  if (length <= shortText) {
    const text = await atspi.text(it, 0, length);
    if (!text.includes("\n")) return [{ text, box }];
  }
  const { x, y, width, height } = box;
  const [first, last] = await Promise.all([
    atspi.offsetAt(it, x + inset, y + inset),
    atspi.offsetAt(it, x + width - inset, y + height - inset),
  ]);
  // Beside the text there is no character: then its beginning or end shows.
  const start = first < 0 || first >= length ? 0 : first;
  const end = last < start ? length : Math.min(last + 1, length, start + maxText);
  return shownLines(atspi, it, { start, end, box }, missed);
}

async function shownLines(
  atspi: Atspi,
  it: Accessible,
  { start, end, box }: { start: number; end: number; box: Rectangle },
  missed: (error: unknown) => void,
): Promise<Line[]> {
  const lines: Promise<Line>[] = [];
  // Qt does not count the line feed as part of its line.
  let between = 0;
  for (let at = start; at < end && lines.length < maxLines; ) {
    let line = await lineAt(atspi, it, at);
    if (line && line.end <= at) {
      between = 1;
      line = await lineAt(atspi, it, at + 1);
    }
    // A toolkit that does not know lines.
    if (!line || line.end <= at) {
      const text = await atspi.text(it, at, end).catch((error) => {
        missed(error);
        return "";
      });
      const rest = linesOf(text);
      lines.push(...rest.map((each) => Promise.resolve({ ...each, box })));
      break;
    }
    lines.push(placed(atspi, it, line));
    at = line.end + between;
  }
  const all = await Promise.all(lines);
  return (isPiled(all) ? spread(all, box) : all).flatMap(({ text, box: own }) => {
    if (!own) return { text, box: text === "" ? null : box };
    const seen = intersection(own, box);
    // Of a line of which less than half its height shows nobody reads a word.
    return seen && seen.height * 2 >= own.height ? { text, box: seen } : [];
  });
}

type ShownLine = Awaited<ReturnType<Atspi["line"]>>;

function lineAt(atspi: Atspi, it: Accessible, offset: number): Promise<ShownLine | null> {
  return atspi.line(it, offset).catch(() => null);
}

/** A line and where its program says that it is. */
async function placed(atspi: Atspi, it: Accessible, { text, start }: ShownLine): Promise<Line> {
  const shown = text.replace(/\s+$/u, "");
  if (shown === "") return { text: "", box: null };
  const end = start + Math.max(1, [...shown].length);
  return { text: shown, box: await atspi.boxOf(it, start, end).catch(() => null) };
}

/** Whether a line is not below the one before it. */
function isPiled(lines: readonly Line[]): boolean {
  const tops = lines.flatMap(({ box }) => box?.y ?? []);
  return tops.some((top, at) => at > 0 && top <= (tops[at - 1] ?? top - 1));
}

/**
 * Qt's plain text editors (QPlainTextEdit) place each paragraph as if it were the first, and take their scroll bar,
 * which counts lines, for pixels: so the first line tells how many are scrolled away.
 */
function spread(lines: readonly Line[], area: Rectangle): Line[] {
  const first = lines.find(({ box }) => box !== null)?.box;
  if (!first) return [...lines];
  const scrolled = Math.max(0, area.y - first.y);
  return lines.map(({ text, box }, at) => {
    const place = { x: first.x, width: 1, height: first.height, ...box };
    return { text, box: { ...place, y: area.y + (at - scrolled) * first.height } };
  });
}

function linesOf(text: string): Line[] {
  return text
    .split("\n")
    .map((line) => ({ text: line.trimEnd(), box: null }))
    .filter(({ text }) => text !== "");
}
