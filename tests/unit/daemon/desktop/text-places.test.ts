import { expect, test } from "bun:test";
import { TextPlaces } from "../../../../daemon/desktop/text-places.ts";
import { DesktopWindows } from "../../../../daemon/desktop/windows.ts";
import type { WindowText } from "../../../../daemon/perception/window-text.ts";

const signal = new AbortController().signal;
const region = { x: 0, y: 0, width: 400, height: 100 };

/** A terminal's window that shows `make`. */
function terminal(degraded: string | null): WindowText {
  const names = { id: "0x1", title: "xterm", class: "XTerm", terminal: "t1" };
  const cells = { x: 0, y: 0, width: 10, height: 20 };
  const shown = { pid: 7, region, visible: [region], coveredBy: [], cells, managed: true };
  const cursor = { x: 0, y: 1, visible: true };
  const shell = { prompt: true, exitStatus: 0, lastCommand: null, command: null };
  const asked = { input: null, output: null, marks: null };
  const screen = { columns: 40, rows: 5, lines: ["make"], cursor, title: "", alternate: false };
  const state = { id: "t1", seq: 1, inputBytes: 0, degraded, ...screen, ...shell, ...asked };
  return {
    ...{ window: { ...names, ...shown }, source: "terminal", hides: false, isPartial: false },
    ...{ rows: [{ number: 1, text: "make" }], why: [], boxes: new Map() },
    terminal: { state, above: 0 },
  };
}

test("a terminal whose text is not exact any more when the button would go down is not clicked", async () => {
  const seen = [null, "somebody has scrolled it", null].map(terminal);
  const texts = new TextPlaces(
    {
      texts: async () => seen.splice(0, 1),
      under: async () => null,
    },
    new DesktopWindows({
      windows: async () => ({ windows: [], pointer: { x: 0, y: 0, window: null } }),
      windowAction: () => Promise.reject(new Error("nothing is done")),
      open: () => Promise.reject(new Error("nothing is opened")),
    }),
  );
  const { point, found } = await texts.find("dev", { text: "make", ocr: false }, signal);
  expect(point).toEqual({ x: 20, y: 10 });
  await expect(texts.checkThere("dev", found, point, signal)).rejects.toMatchObject({
    code: "action_failed",
    message: "the terminal's text is not exact now (somebody has scrolled it); nothing was clicked",
  });
  await texts.checkThere("dev", found, point, signal);
});
