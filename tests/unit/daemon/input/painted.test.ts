import { expect, test } from "bun:test";
import type { Region } from "../../../../daemon/display/types.ts";
import { whenPainted } from "../../../../daemon/input/painted.ts";

function screen() {
  const listeners = new Set<(regions: readonly Region[]) => void>();
  return {
    change: () => {
      for (const listener of listeners) listener([]);
    },
    listeners,
    onChange: (listener: (regions: readonly Region[]) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

test("waits for the change that comes after sending, and lets the screen go", async () => {
  const display = screen();
  let painted = false;
  await whenPainted(
    display,
    async () => {
      setTimeout(() => {
        painted = true;
        display.change();
      }, 5);
    },
    10,
  );
  expect(painted).toBeTrue();
  expect(display.listeners.size).toBe(0);
});

test("goes on when nothing is painted", async () => {
  const started = performance.now();
  await whenPainted(screen(), async () => {}, 10);
  expect(performance.now() - started).toBeGreaterThan(90);
});

test("goes on when the screen never rests", async () => {
  const display = screen();
  const film = setInterval(display.change, 2);
  await whenPainted(display, async () => {}, 10);
  clearInterval(film);
  expect(display.listeners.size).toBe(0);
});

test("ends at once when it is aborted, and lets the screen go", async () => {
  const display = screen();
  const waiting = whenPainted(display, async () => {}, 10, AbortSignal.abort());
  await expect(waiting).rejects.toMatchObject({ code: "interrupted" });
  expect(display.listeners.size).toBe(0);
});
