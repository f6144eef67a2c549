import { describe, expect, test } from "bun:test";
import type { Region } from "../../../../daemon/display/types.ts";
import { CaretFilter } from "../../../../daemon/waits/caret.ts";

const caret = { x: 10, y: 10, width: 2, height: 16 };
const size = { width: 400, height: 200 };

/** A filter, and what makes a place show something at a time. */
function filter() {
  const pixels = new Uint8Array(4 * size.width * size.height);
  const carets = new CaretFilter();
  const show = (value: number, now: number, region: Region = caret) => {
    pixels[4 * (region.y * size.width + region.x)] = value;
    carets.changed([region], { ...size, pixels }, now);
  };
  return { carets, show };
}

describe("a caret", () => {
  test("is small and goes back and forth: its blinking is no change, from the first time on", () => {
    const { carets, show } = filter();
    const never = carets.changedAt;
    show(1, 500);
    show(0, 1000);
    expect(carets.changedAt).toBe(1000);
    show(1, 1500);
    expect(carets.changedAt).toBe(never);
    expect(carets.caret).toEqual(caret);
    show(0, 2000);
    expect(carets.changedAt).toBe(never);
  });

  test("does not hide what changes beside it, or in its place", () => {
    const { carets, show } = filter();
    for (const [at, value] of [1, 0, 1].entries()) show(value, 500 * (at + 1));
    show(7, 1600, { x: 100, y: 100, width: 200, height: 50 });
    show(0, 2000);
    expect(carets.changedAt).toBe(1600);
    show(2, 2500);
    expect(carets.changedAt).toBe(2500);
  });
});

describe("no caret", () => {
  test("is what shows more than two things in turn", () => {
    const { carets, show } = filter();
    for (let at = 1; at <= 12; at++) show(at % 3, 500 * at);
    expect(carets.changedAt).toBe(6000);
    expect(carets.caret).toBeNull();
  });

  test("is what goes back and forth quickly", () => {
    const { carets, show } = filter();
    for (let at = 1; at <= 12; at++) show(at % 2, 100 * at);
    expect(carets.changedAt).toBe(1200);
  });

  test("is large", () => {
    const { carets, show } = filter();
    const field = { x: 0, y: 0, width: 300, height: 20 };
    for (let at = 1; at <= 6; at++) show(at % 2, 500 * at, field);
    expect(carets.changedAt).toBe(3000);
  });

  test("are many small things at many places", () => {
    const { carets, show } = filter();
    for (let at = 1; at <= 30; at++) show(1, 10 * at, { ...caret, x: 10 * at });
    expect(carets.changedAt).toBe(300);
  });
});
