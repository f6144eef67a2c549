import { expect, test } from "bun:test";
import { movedUp, shotOf } from "../../../../daemon/desktop/movement.ts";
import { PixelBuffer } from "../../../../daemon/display/framebuffer.ts";

const size = { width: 160, height: 200 };
const whole = { x: 0, y: 0, ...size };

/** A picture whose pixel is told by its place. */
function painted(pixel: (x: number, y: number) => number): PixelBuffer {
  const buffer = new PixelBuffer(size.width, size.height);
  for (let y = 0; y < size.height; y++) {
    const row = Uint32Array.from({ length: size.width }, (_, x) => pixel(x, y));
    buffer.putRow(0, y, row, 0, size.width);
  }
  return buffer;
}

const moved = (before: PixelBuffer, after: PixelBuffer, turned = false) =>
  movedUp(shotOf(before, whole, turned), shotOf(after, whole, turned));
/** Lines of text, more or less: no two rows are alike, but for empty ones. */
const text = (by: number) => (x: number, y: number) => ((y + by) % 17 < 12 ? 7 * (y + by) + x : 0);

test("a page that has scrolled has moved by that, whatever stands still around it", () => {
  const page = (by: number) =>
    painted((x, y) => (y < 30 ? x : x > 150 ? Number(y > 30 + by) : text(by)(x, y)));
  expect(moved(page(0), page(53))).toBe(53);
  expect(moved(page(53), page(0))).toBe(-53);
});

test("to the side, too", () => {
  const page = (by: number) => painted((x, y) => text(by)(y, x));
  expect(moved(page(0), page(20), true)).toBe(20);
});

test("what has not changed has not moved, and what is another picture nobody knows", () => {
  expect(moved(painted(text(0)), painted(text(0)))).toBe(0);
  expect(
    moved(
      painted(text(0)),
      painted((x, y) => x * 1000 + y * y),
    ),
  ).toBeNull();
});
