import { expect, test } from "bun:test";
import { darkOnLight, prepare } from "../../../../../daemon/perception/ocr/prepare.ts";

/** 40 pixels of ground with one of another colour in the middle. */
function picture(ground: number[], text: number[]) {
  const pixels = Array.from({ length: 40 }, (_, at) => (at === 20 ? text : ground));
  return { width: 8, height: 5, rgb: Uint8Array.from(pixels.flat()) };
}

test.each([
  ["white on black", [0, 0, 0], [255, 255, 255]],
  ["blue on black", [0, 0, 0], [40, 40, 255]],
  ["black on white", [255, 255, 255], [0, 0, 0]],
  ["yellow on white", [255, 255, 255], [255, 255, 40]],
])("%s becomes dark on light", (_, ground, text) => {
  const grey = darkOnLight(picture(ground, text));
  expect(grey[0]).toBe(255);
  expect(grey[20]).toBeLessThan(50);
});

test("is twice as large, as a PGM file", async () => {
  const { pgm, scale } = await prepare(picture([0, 0, 0], [0, 0, 0]), () => import("sharp"));
  expect(scale).toBe(2);
  expect(Buffer.from(pgm).toString("latin1", 0, 13)).toBe("P5\n16 10\n255\n");
  expect(pgm.length).toBe(13 + 160);
  expect(new Set(pgm.subarray(13))).toEqual(new Set([255]));
});
