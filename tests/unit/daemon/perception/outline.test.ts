import { expect, test } from "bun:test";
import { outline, partOf } from "../../../../daemon/perception/outline.ts";

/** `count` things in one of `depth`, which comes before them. */
const group = (name: string, depth: number, count: number) => [
  { name, depth },
  ...Array.from({ length: count }, (_, at) => ({ name: `${name} ${at}`, depth: depth + 1 })),
];

test("few things are told whole", () => {
  const things = [...group("menu", 0, 5), ...group("table", 0, 100)];
  const { shown, left } = outline(things);
  expect(shown.map(({ thing }) => thing)).toEqual(things);
  expect(shown.every(({ holds }) => holds === 0)).toBe(true);
  expect(left).toBe(0);
});

test("of many the outer ones are told, with how many they hold", () => {
  const things = [...group("menu", 0, 5), ...group("table", 0, 1000)];
  expect(outline(things).shown).toEqual([
    { thing: { name: "menu", depth: 0 }, holds: 5 },
    { thing: { name: "table", depth: 0 }, holds: 1000 },
  ]);
  const part = partOf(things, 6);
  expect(part[0]).toEqual({ name: "table", depth: 0 });
  expect(part).toHaveLength(1001);
  expect(partOf(things, 0)).toHaveLength(6);
});

test("of very many on one level the first are told, and how many are left", () => {
  const things = Array.from({ length: 400 }, (_, at) => ({ name: `${at}`, depth: 2 }));
  const { shown, left } = outline(things);
  expect(shown).toHaveLength(150);
  expect(left).toBe(250);
  expect(outline([])).toEqual({ shown: [], left: 0 });
});
