import { expect, test } from "bun:test";
import { Pointing } from "../../../../daemon/desktop/pointing.ts";
import { TextPlaces } from "../../../../daemon/desktop/text-places.ts";
import { Things } from "../../../../daemon/desktop/things.ts";
import { DesktopWindows } from "../../../../daemon/desktop/windows.ts";
import { PictureFrames } from "../../../../daemon/display/picture-frames.ts";
import type { Display } from "../../../../daemon/display/types.ts";
import type { Pointer } from "../../../../daemon/input/pointer.ts";
import { Blocks } from "../../../../daemon/perception/blocks.ts";
import { RefLister } from "../../../../daemon/perception/ref-lists.ts";
import { Refs } from "../../../../daemon/perception/refs.ts";
import { RunnerClient } from "../../../../daemon/runner/client.ts";
import { Turns } from "../../../../daemon/turns.ts";
import type { RunnerManagedWindow } from "../../../../src/runner/windows.ts";

const dialog: RunnerManagedWindow = {
  ...{ id: "0x1", title: "Save?", class: "Editor", x: 100, y: 100, width: 200, height: 100 },
  ...{ terminal: null, focused: true, pid: 7, state: "normal", desktop: 0, dialogOf: null },
  frame: { x: 100, y: 80, width: 200, height: 120 },
  cells: null,
};

test("what goes away while it is aimed at is not clicked, nor what is behind it", async () => {
  const moves: [x: number, y: number, buttons: number][] = [];
  const display: Display = {
    framebuffer: { width: 800, height: 600, pixels: new Uint8Array() },
    pointer: null,
    closed: null,
    rev: () => "",
    changedSince: () => null,
    onChange: () => () => {},
    onClose: () => () => {},
    keys: () => {},
    pointerEvent: (...event) => moves.push(event),
    sync: async () => {},
  };
  // A runner whose window closes as soon as the pointer comes near.
  using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => {
      const [x = 0, y = 0] = moves.at(-1) ?? [];
      const windows = moves.length === 0 ? [dialog] : [];
      return Response.json({ windows, pointer: { x, y, window: windows[0]?.id ?? null } });
    },
  });
  const { port = 0 } = server;
  const runner = new RunnerClient(async () => ({ hostname: "127.0.0.1", port, token: "t" }));
  const windows = new DesktopWindows(runner);
  const matches = async () => [];
  const refs = new Refs();
  const lister = new RefLister(refs, []);
  const ocr = { read: async () => ({ lines: [], degraded: null }) };
  const blocks = new Blocks({ runner, matches, sources: [], ocr, refs: lister });
  const pointing = new Pointing({
    displays: { acquire: async () => ({ display, [Symbol.dispose]() {} }) },
    windows,
    texts: new TextPlaces(blocks, windows),
    blocks,
    things: new Things(refs, [], windows),
    pictures: new PictureFrames(),
    turns: new Turns(),
  });
  const signal = AbortSignal.timeout(5000);
  const click = { act: (pointer: Pointer) => pointer.click("left", 1, []) };
  const clicked = pointing.perform("s", [{ x: 20, y: 30 }], { window: "Save?" }, signal, click);
  await expect(clicked).rejects.toMatchObject({
    code: "action_failed",
    message: "window 0x1 has gone meanwhile; nothing was clicked",
  });
  expect(moves).toEqual([[120, 130, 0]]);
});
