import { expect, test } from "bun:test";
import { HeldButtons } from "../../../../daemon/desktop/held-buttons.ts";
import type { Display } from "../../../../daemon/display/types.ts";

/** A display that tells which buttons are down, and how many hold its connection. */
function display() {
  const released = Promise.withResolvers<void>();
  let leases = 0;
  const its: Display = {
    framebuffer: { width: 1, height: 1, pixels: new Uint8Array(4) },
    pointer: { x: 3, y: 4 },
    rev: () => "",
    changedSince: () => null,
    onChange: () => () => {},
    onClose: () => () => {},
    keys: () => {},
    pointerEvent: (x, y, buttons) => {
      if (x === 3 && y === 4 && buttons === 0) released.resolve();
    },
    sync: async () => {},
    closed: null,
  };
  const acquire = async () => {
    leases++;
    return { display: its, [Symbol.dispose]: () => void leases-- };
  };
  return { its, acquire, released: released.promise, leases: () => leases };
}

test("a connection is kept as long as it holds a button", async () => {
  const { its, acquire, leases } = display();
  const held = new HeldButtons();
  await held.keep("s", 1, acquire);
  await held.keep("s", 1, acquire);
  expect([held.of("s", its), leases()]).toEqual([1, 1]);
  expect(held.of("s", display().its)).toBe(0);
  await held.keep("s", 0, acquire);
  expect([held.of("s", its), leases()]).toEqual([0, 0]);
});

test("one that nobody comes back to is let go of", async () => {
  const { its, acquire, released, leases } = display();
  const held = new HeldButtons(1);
  await held.keep("s", 1, acquire);
  await released;
  expect([held.of("s", its), leases()]).toEqual([0, 0]);
});
