import { expect, test } from "bun:test";
import type { Display } from "../../../../daemon/display/types.ts";
import { PixelWatch } from "../../../../daemon/waits/pixel-watch.ts";
import { WindowPart } from "../../../../daemon/waits/window-part.ts";

const display: Display = {
  framebuffer: { width: 1, height: 1, pixels: new Uint8Array(4) },
  pointer: null,
  closed: null,
  rev: () => "",
  changedSince: () => null,
  onChange: () => () => {},
  onClose: () => () => {},
  keys: () => {},
  pointerEvent: () => {},
  sync: async () => {},
};

test("the pixels of a window that nobody can follow any more are not waited for", async () => {
  const signal = AbortSignal.timeout(5000);
  const nobody = { windows: [], pointer: { x: 0, y: 0, window: null } };
  // A runner that ends its events at once, as one that dies does.
  const parts = { runner: { async *events() {} }, windows: { list: async () => nobody } };
  using part = await WindowPart.follow(parts, "s", ["editor"], signal);
  const lease = { display, [Symbol.dispose]() {} };
  using watch = new PixelWatch(lease, { change: false, stableMs: 10, part, ignoreCaret: true });
  await expect(watch.wait()).rejects.toMatchObject({ code: "engine_failed" });
});
