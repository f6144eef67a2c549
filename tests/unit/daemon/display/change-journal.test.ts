import { expect, test } from "bun:test";
import { ChangeJournal } from "../../../../daemon/display/change-journal.ts";

const box = (x: number, y: number, width = 10, height = 10) => ({ x, y, width, height });

test("tells what has changed since a frame was looked at, what touches as one part", () => {
  const journal = new ChangeJournal();
  journal.changed([box(500, 500)]);
  journal.looked("a");
  journal.changed([box(0, 0), box(100, 0)]);
  journal.changed([box(5, 5)]);
  expect(journal.since("a")).toEqual([box(100, 0), box(0, 0, 15, 15)]);
  journal.looked("b");
  expect(journal.since("b")).toEqual([]);
});

test("knows nothing of a frame that nobody has looked at, or too much has changed since", () => {
  const journal = new ChangeJournal();
  journal.looked("a");
  expect(journal.since("b")).toBeNull();
  for (let at = 0; at < 2000; at++) journal.changed([box(0, 0)]);
  expect(journal.since("a")).toBeNull();
  journal.looked("c");
  journal.changed([box(1, 1)]);
  expect(journal.since("c")).toEqual([box(1, 1)]);
});

test("tells a few parts that hold all", () => {
  const journal = new ChangeJournal();
  journal.looked("a");
  const all = Array.from({ length: 400 }, (_, at) => box((at % 20) * 50, Math.floor(at / 20) * 50));
  journal.changed(all);
  const parts = journal.since("a") ?? [];
  expect(parts.length).toBeLessThanOrEqual(16);
  const isIn = (it: (typeof all)[0]) =>
    parts.some(({ x, y, width, height }) => {
      const [right, bottom] = [it.x + it.width, it.y + it.height];
      return it.x >= x && it.y >= y && right <= x + width && bottom <= y + height;
    });
  expect(all.every(isIn)).toBe(true);
});
