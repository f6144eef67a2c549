import { plainLine } from "../../../src/plain-text.ts";
import type { Region } from "../../display/types.ts";
import type { OcrLine } from "./reader.ts";

/** Most words that are believed of one picture: the output may be a stranger's. */
const maxWords = 20_000;
/** Longest word that is believed, in characters. */
const maxWord = 400;
/** Characters that are read of it: a line has about sixty. */
const maxTsv = 4 * 1024 * 1024;
/** Level of words among pages, blocks, paragraphs and lines. */
const wordLevel = "5";

interface Word {
  text: string;
  box: Region;
  /** 0…100. */
  confidence: number;
}

/**
 * The lines in tesseract's TSV (12 columns: level, page, block, paragraph, line, word, left, top,
 * width, height, confidence, text), from top to bottom and left to right. `scale` is how much larger than the picture what
 * tesseract has seen was; boxes are cut to the picture. Scraps below the least confidence (0…1) are left out.
 */
export function linesOf(
  tsv: string,
  picture: { width: number; height: number },
  scale: number,
  leastConfidence: number,
): OcrLine[] {
  const groups = new Map<string, Word[]>();
  let words = 0;
  for (const row of tsv.slice(0, maxTsv).split("\n")) {
    const columns = row.split("\t");
    if (columns[0] !== wordLevel || columns.length < 12) continue;
    if (++words > maxWords) break;
    const word = wordOf(columns, picture, scale);
    if (!word || (word.confidence < leastConfidence * 100 && !isWord(word.text))) continue;
    const key = columns.slice(1, 5).join(" ");
    const group = groups.get(key);
    if (group) group.push(word);
    else groups.set(key, [word]);
  }
  return inReadingOrder([...groups.values()].map(lineOf));
}

function wordOf(
  columns: readonly string[],
  { width, height }: { width: number; height: number },
  scale: number,
): Word | null {
  const [left, top, wide, high, confidence] = columns.slice(6, 11).map(Number);
  const text = plainLine(columns.slice(11).join(" ").trim()).slice(0, maxWord);
  if (text === "" || left === undefined || top === undefined) return null;
  const x = clamp(Math.floor(left / scale), 0, width - 1);
  const y = clamp(Math.floor(top / scale), 0, height - 1);
  const box = {
    x,
    y,
    width: clamp(Math.ceil((left + (wide ?? 0)) / scale) - x, 1, width - x),
    height: clamp(Math.ceil((top + (high ?? 0)) / scale) - y, 1, height - y),
  };
  return { text, box, confidence: clamp(confidence ?? 0, 0, 100) };
}

/** Whether it looks like something that somebody has written; icons and edges do not. */
function isWord(text: string): boolean {
  return /[\p{L}\p{N}]{3}/u.test(text);
}

/** NaN becomes the least. */
function clamp(value: number, least: number, most: number): number {
  return value > least ? Math.min(value, most) : least;
}

function lineOf(words: readonly Word[]): OcrLine {
  const x = Math.min(...words.map(({ box }) => box.x));
  const y = Math.min(...words.map(({ box }) => box.y));
  const right = Math.max(...words.map(({ box }) => box.x + box.width));
  const bottom = Math.max(...words.map(({ box }) => box.y + box.height));
  return {
    text: words.map(({ text }) => text).join(" "),
    box: { x, y, width: right - x, height: bottom - y },
    confidence: words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length / 100,
  };
}

/** By rows, each from left to right: lines whose middle is within another's height share a row. */
function inReadingOrder(lines: readonly OcrLine[]): OcrLine[] {
  const middle = ({ box }: OcrLine) => box.y + box.height / 2;
  const rows: OcrLine[][] = [];
  for (const line of [...lines].sort((a, b) => middle(a) - middle(b))) {
    const row = rows.at(-1);
    const first = row?.[0];
    const together = first && middle(line) < first.box.y + first.box.height;
    if (row && together) row.push(line);
    else rows.push([line]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.box.x - b.box.x));
}
