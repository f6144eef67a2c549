import { expect, test } from "bun:test";
import type { EncodedFrame } from "../../../../../daemon/display/encode.ts";
import { PixelBuffer } from "../../../../../daemon/display/framebuffer.ts";
import { SeenFrames } from "../../../../../daemon/perception/diff/seen-frames.ts";

const framebuffer = new PixelBuffer(1, 1);

/** Frames of so many bytes; the display's rev is what is asked for. */
function frames(length: number) {
  const seen = new SeenFrames({
    encode: async (display) =>
      ({ rev: display.rev(), bytes: new Uint8Array(length) }) as EncodedFrame,
  });
  const see = (session: string, rev: string) => seen.see(session, { framebuffer, rev: () => rev });
  return { seen, see };
}

test("the last frame of a session is found, and each by its rev, of this session alone", async () => {
  const { seen, see } = frames(10);
  for (const rev of ["a", "b", "a"]) see("one", rev);
  see("two", "c");
  expect(await seen.find("one")).toMatchObject({ rev: "a" });
  expect(await seen.find("one", "b")).toMatchObject({ rev: "b" });
  expect(await seen.find("one", "c")).toBeNull();
  expect(await seen.find("three")).toBeNull();
  seen.drop("one");
  expect(await seen.find("one")).toBeNull();
});

test("the oldest are forgotten when they are too many, or too large", async () => {
  const many = frames(10);
  for (let at = 0; at < 40; at++) {
    many.see("one", String(at));
    await Bun.sleep(0);
  }
  expect(await many.seen.find("one", "20")).toBeNull();
  expect(await many.seen.find("one", "39")).not.toBeNull();
  const large = frames(7 * 1024 * 1024);
  for (const rev of ["a", "b", "c"]) {
    large.see("one", rev);
    await Bun.sleep(0);
  }
  expect(await large.seen.find("one", "a")).toBeNull();
  expect(await large.seen.find("one", "c")).not.toBeNull();
});
