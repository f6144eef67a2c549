import { expect, test } from "bun:test";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { decodeBase } from "../../../../../daemon/perception/diff/base-picture.ts";

const size = { width: 20, height: 10 };
const load = () => import("sharp");
const read = (png: Uint8Array, wanted = size) => decodeBase(png, wanted, load);
const solid = (background: string, { width, height } = size) =>
  sharp({ create: { width, height, channels: 4, background } });

/** A PNG that says it has this size, and has no pixels. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const png = await solid("red").png().toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)) >>> 0, 29);
  return png;
}

test.each([
  ["8 bits with alpha", { palette: false }],
  ["a palette", { palette: true }],
])("a PNG of %s is read as opaque pixels", async (_, options) => {
  const { words } = await read(await solid("#102030").png(options).toBuffer());
  expect(new Set(words)).toEqual(new Set([0xff_30_20_10]));
});

test("16 bits and grey are read as 8 bits of colour", async () => {
  const png = await solid("#808080").toColourspace("grey16").png().toBuffer();
  expect((await sharp(png).metadata()).depth).toBe("ushort");
  expect(new Set((await read(png)).words)).toEqual(new Set([0xff_80_80_80]));
});

test("one of another size says so, and is not unpacked", async () => {
  expect(await read(await claiming(7000, 4000))).toEqual({
    width: 7000,
    height: 4000,
    words: null,
  });
});

test.each([
  ["nothing", async () => Buffer.alloc(0)],
  ["a text", async () => Buffer.from("login page")],
  ["a JPEG", () => solid("red").jpeg().toBuffer()],
  ["an SVG", async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ["half a PNG", async () => (await solid("red").png().toBuffer()).subarray(0, 60)],
  ["a signature alone", async () => (await solid("red").png().toBuffer()).subarray(0, 8)],
  ["one that claims 4 Gpixel", () => claiming(65_535, 65_535)],
  ["one that claims this size without having the pixels", async () => claiming(20, 4000)],
])("%s is a usage error that says what to give", async (_, make) => {
  const bytes = await make();
  await expect(read(bytes, { width: 20, height: 4000 })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("the picture to compare with cannot be read"),
  });
});
