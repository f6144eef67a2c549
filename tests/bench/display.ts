import { createDisplays } from "../../daemon/display/displays.ts";
import { createEncoder } from "../../daemon/display/encode.ts";
import { PictureFrames } from "../../daemon/display/picture-frames.ts";
import type { Display } from "../../daemon/display/types.ts";
import { loadSharp } from "../../daemon/native/sharp.ts";
import { Patterns } from "../../daemon/patterns/patterns.ts";
import { Blocks } from "../../daemon/perception/blocks.ts";
import { RefLister } from "../../daemon/perception/ref-lists.ts";
import { Refs } from "../../daemon/perception/refs.ts";
import { Screens } from "../../daemon/perception/screens.ts";
import { RunnerClient } from "../../daemon/runner/client.ts";
import { screenOptions } from "../../src/contract/screen.ts";
import { Workstations } from "../support/workstations.ts";
import type { Bench } from "./bench.ts";
import { freePort } from "./free-port.ts";
import { interleave, type Subject } from "./measure.ts";
import type { Row } from "./table.ts";
import { startX11vnc } from "./x11vnc.ts";

const noOcr = { read: async () => ({ lines: [], degraded: null }) };
const size = { width: 1920, height: 1080 };
/** Those of a session, where nothing else is asked for. */
const limits = { cpus: 2, memoryBytes: 4 * 2 ** 30, pids: 1024 };

/**
 * What the daemon's display sees, with the daemon's own parts in this process: from a key event
 * to changed pixels, of our workstation and of Xvfb + x11vnc; and a look at what has not changed.
 */
export async function benchDisplay({ signal }: Bench): Promise<Row[]> {
  await using workstations = await Workstations.open();
  const { driver } = workstations;
  const ref = await driver.create(await workstations.spec(null, { limits }), signal);
  await driver.start(ref, workstations.boot({ size }), signal);
  const [rfb, http] = await Promise.all([driver.dial(ref, "rfb"), driver.dial(ref, "runner")]);
  const { token, vncPassword } = workstations.secrets;

  await using usual = await startX11vnc(await freePort(), size, signal);
  const addresses = { ours: { ...rfb, password: vncPassword }, usual: usual.address };
  const displays = createDisplays({
    locate: async (name) => addresses[name as keyof typeof addresses],
  });
  try {
    using ours = await displays.acquire("ours", signal);
    using theirs = await displays.acquire("usual", signal);
    await untilCalm(theirs.display, 500, signal);
    const keys = await interleave(
      { ours: keyPress(ours.display, signal), theirs: keyPress(theirs.display, signal) },
      { samples: 80, burst: 20, warmUp: 1, signal },
    );
    const runner = new RunnerClient(async () => ({ ...http, token }));
    const encoder = createEncoder({ sharp: loadSharp });
    const { matches } = new Patterns();
    const screens = new Screens({
      displays,
      encoder,
      pictures: new PictureFrames(),
      seen: { see() {} },
      blocks: new Blocks({
        runner,
        matches,
        sources: [],
        ocr: noOcr,
        refs: new RefLister(new Refs(), []),
      }),
    });
    const { width, height } = ours.display.framebuffer;
    const of = { id: "ours", width, height };
    const since = ours.display.rev();
    const look = (text: boolean) => ({
      run: () => screens.look(of, screenOptions.parse({ since, text }), signal),
    });
    const looks = await interleave(
      { withText: look(true), pixels: look(false) },
      { samples: 300, burst: 50, signal },
    );
    const typed = keyPress(ours.display, signal, [0x78]);
    const encode = (format: "png" | "jpeg") => ({
      run: () => encoder.encode(ours.display, { format, quality: 80 }, signal),
      // No frame comes twice: one that was seen is not encoded again.
      async after() {
        await typed.run();
        await typed.after?.();
      },
    });
    const pictures = await interleave(
      { png: encode("png"), jpeg: encode("jpeg") },
      { samples: 60, burst: 10, signal },
    );
    return [
      {
        what: "key event → changed pixels in the framebuffer",
        unit: "ms",
        ours: keys.ours,
        theirs: { what: "Xvfb + x11vnc", summary: keys.theirs },
        goal: { faster: 10, atMost: 3 },
      },
      {
        what: "screen, nothing changed, in the daemon",
        unit: "ms",
        ours: looks.withText,
        goal: { atMost: 1 },
      },
      {
        what: "PNG 1080p after a character, in the daemon",
        unit: "ms",
        ours: pictures.png,
        goal: { atMost: 3 },
      },
      { what: "JPEG 1080p after a character, in the daemon", unit: "ms", ours: pictures.jpeg },
      { what: "screen, nothing changed, its pixels alone", unit: "ms", ours: looks.pixels },
    ];
  } finally {
    displays.close();
  }
}

/**
 * Presses these keys in turn, x and BackSpace by default, so that the line never grows; resolves at the
 * first change.
 */
function keyPress(display: Display, signal: AbortSignal, keysyms = [0x78, 0xff08]): Subject {
  let pressed = 0;
  return {
    run() {
      const keysym = keysyms[pressed++ % keysyms.length] ?? 0x78;
      const changed = nextChange(display, signal);
      display.keys([
        { keysym, down: true },
        { keysym, down: false },
      ]);
      return changed;
    },
    after: () => untilCalm(display, 60, signal),
  };
}

const changeDeadlineMs = 10_000;

function nextChange(display: Display, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(changeDeadlineMs)]);
  const fail = () => reject(new Error("no pixel changed after a key", { cause: deadline.reason }));
  deadline.addEventListener("abort", fail);
  const stop = display.onChange(() => resolve());
  return promise.finally(() => {
    stop();
    deadline.removeEventListener("abort", fail);
  });
}

/** Resolves when no pixel has changed for `ms`: what one sample caused is not the next one's. */
async function untilCalm(display: Display, ms: number, signal: AbortSignal): Promise<void> {
  let last = performance.now();
  const stop = display.onChange(() => {
    last = performance.now();
  });
  try {
    for (let left = ms; left > 0; left = last + ms - performance.now()) {
      signal.throwIfAborted();
      await Bun.sleep(left);
    }
  } finally {
    stop();
  }
}
