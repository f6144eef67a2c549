import { describe, expect, test } from "bun:test";
import { linesOf } from "../../../../../daemon/perception/ocr/tsv.ts";

const picture = { width: 400, height: 200 };

/** A word: block, line, then left, top, width, height, confidence, text. */
function word(block: number, line: number, box: string, confidence: number, text: string): string {
  return ["5", "1", block, "1", line, "1", ...box.split(" "), confidence, text].join("\t");
}
const read = (...rows: string[]) => linesOf(rows.join("\n"), picture, 2, 0.3);

describe("tesseract's TSV", () => {
  test("gives lines with boxes in the picture's pixels", () => {
    const lines = read(
      "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
      "1\t1\t0\t0\t0\t0\t0\t0\t800\t400\t-1\t",
      word(1, 1, "20 40 61 20", 90, "make"),
      word(1, 1, "100 38 80 24", 70, "test"),
      word(1, 2, "20 80 40 20", 95.5, "ok"),
    );
    expect(lines).toEqual([
      { text: "make test", box: { x: 10, y: 19, width: 80, height: 12 }, confidence: 0.8 },
      { text: "ok", box: { x: 10, y: 40, width: 20, height: 10 }, confidence: 0.955 },
    ]);
  });

  test("is put into reading order: by rows, then from left to right", () => {
    const lines = read(
      word(3, 1, "300 44 80 20", 90, "Cancel"),
      word(2, 1, "20 120 80 20", 90, "below"),
      word(1, 1, "20 40 80 20", 90, "OK"),
    );
    expect(lines.map(({ text }) => text)).toEqual(["OK", "Cancel", "below"]);
  });

  test("loses scraps that tesseract doubts, and empty words, but nothing that looks written", () => {
    const lines = read(
      word(1, 1, "0 0 9 9", 12, "§"),
      word(1, 2, "0 40 9 9", 12, "|l"),
      word(1, 3, "0 80 9 9", 90, " "),
      word(1, 4, "0 120 9 9", 12, "Outbox((bytes)"),
    );
    expect(lines.map(({ text }) => text)).toEqual(["Outbox((bytes)"]);
  });

  test("of a stranger's is bounded: boxes stay inside, control characters and floods do not", () => {
    const [line] = read(word(1, 1, "-50 -1e9 1e12 NaN", 900, "a\u001b[31m\u202eb"));
    expect(line).toEqual({
      text: "a[31mb",
      box: { x: 0, y: 0, width: 400, height: 1 },
      confidence: 1,
    });
    const flood = Array.from({ length: 50_000 }, (_, at) => word(at, 1, "0 0 9 9", 90, "x"));
    expect(read(...flood).length).toBe(20_000);
    expect(read(word(1, 1, "0 0 9 9", 90, "x".repeat(5000)))[0]?.text.length).toBe(400);
    expect(read("5\t1", "", "\t\t\t", "5".repeat(9999))).toEqual([]);
  });
});
