import { expect, test } from "bun:test";
import { PixelBuffer } from "../../../../../daemon/display/framebuffer.ts";
import type { DisplayLease, Region } from "../../../../../daemon/display/types.ts";
import type { OcrPicture } from "../../../../../daemon/perception/ocr/reader.ts";
import { ScreenOcr } from "../../../../../daemon/perception/ocr/screen-ocr.ts";
import { NexoraError } from "../../../../../src/contract/errors.ts";

const calm = new AbortController().signal;

/** A desktop of 100 × 50, and a reader that says what it was given: the size and the first pixel's red. */
function desktop() {
  const framebuffer = new PixelBuffer(100, 50);
  const given: OcrPicture[] = [];
  const lease = { display: { framebuffer }, [Symbol.dispose]() {} } as unknown as DisplayLease;
  const reader = {
    async read(picture: OcrPicture) {
      given.push(picture);
      if (picture.width === 13) throw new NexoraError("action_failed", "it is an unlucky number");
      const text = `${picture.width}x${picture.height} ${picture.rgb[0]}`;
      return { lines: [{ text, box: { x: 1, y: 2, width: 3, height: 4 }, confidence: 0.9 }] };
    },
  };
  const ocr = new ScreenOcr({ acquire: async () => lease }, async () => reader);
  const paint = (x: number, y: number, red: number) =>
    framebuffer.putRow(x, y, Uint32Array.of(red), 0, 1);
  return { ocr, given, paint };
}

test("regions are cut to the desktop, and boxes are the desktop's", async () => {
  const { ocr, given, paint } = desktop();
  paint(10, 20, 7);
  const regions: Region[] = [
    { x: 10, y: 20, width: 30, height: 10 },
    { x: 90, y: -5, width: 40, height: 20 },
    { x: 200, y: 0, width: 10, height: 10 },
  ];
  const { lines, degraded } = await ocr.read("s", regions, calm);
  expect(degraded).toBeNull();
  expect(lines).toEqual([
    { text: "30x10 7", box: { x: 11, y: 22, width: 3, height: 4 }, confidence: 0.9 },
    { text: "10x15 0", box: { x: 91, y: 2, width: 3, height: 4 }, confidence: 0.9 },
  ]);
  expect(given.map(({ rgb }) => rgb.length)).toEqual([900, 450]);
});

test("equal pixels are read once, wherever they are; those of another session, or others, again", async () => {
  const { ocr, given, paint } = desktop();
  const at = (x: number): Region[] => [{ x, y: 0, width: 20, height: 20 }];
  await ocr.read("s", at(0), calm);
  expect((await ocr.read("s", at(40), calm)).lines[0]?.box.x).toBe(41);
  expect(given.length).toBe(1);
  await ocr.read("other", at(0), calm);
  expect(given.length).toBe(2);
  paint(3, 3, 9);
  await ocr.read("s", at(0), calm);
  expect(given.length).toBe(3);
  ocr.drop("s");
  await ocr.read("s", at(40), calm);
  await ocr.read("other", at(40), calm);
  expect(given.length).toBe(4);
});

test("callers of one session take turns: the second finds what the first has read", async () => {
  const { ocr, given } = desktop();
  const regions = [{ x: 0, y: 0, width: 20, height: 20 }];
  const texts = await Promise.all([1, 2].map(() => ocr.read("s", regions, calm)));
  expect(texts[1]).toEqual(texts[0] as (typeof texts)[0]);
  expect(given.length).toBe(1);
});

test("what cannot be read is said, is tried again, and keeps back nothing else", async () => {
  const { ocr, given } = desktop();
  const regions: Region[] = [
    { x: 0, y: 0, width: 13, height: 10 },
    { x: 0, y: 0, width: 20, height: 10 },
  ];
  for (const reads of [2, 3]) {
    const { lines, degraded } = await ocr.read("s", regions, calm);
    expect(degraded).toBe("it is an unlucky number");
    expect(lines.length).toBe(1);
    expect(given.length).toBe(reads);
  }
});

test("a caller who has gone gets its own reason", async () => {
  const { ocr } = desktop();
  const gone = AbortSignal.abort(new Error("gone"));
  await expect(ocr.read("s", [{ x: 0, y: 0, width: 9, height: 9 }], gone)).rejects.toThrow("gone");
});
