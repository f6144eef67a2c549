import { createDisplays } from "../../daemon/display/displays.ts";
import type { Display, Displays, Framebuffer, Region } from "../../daemon/display/types.ts";
import { Exec } from "../../daemon/exec/exec.ts";
import { RunnerClient } from "../../daemon/runner/client.ts";
import type { RunnerManagedWindow } from "../../src/runner/windows.ts";
import { appsImage } from "../support/apps-image.ts";
import { Workstations } from "../support/workstations.ts";
import { letter, letterLines, listing, type Scene } from "./ocr-scenes.ts";

const size = { width: 1920, height: 1080 };
const limits = { cpus: 2, memoryBytes: 4 * 2 ** 30, pids: 1024 };
/** How long a program may take to show its window, in milliseconds. */
const openMs = 30_000;
/** Processor time that a program which has painted its window may take while nothing happens, in ticks of 10 ms. */
const idleTicks = 2;
/** How long no pixel must have changed, in milliseconds: a caret blinks each half second. */
const calmMs = 400;

/** A workstation with toolkits, and the daemon's own parts in this process. */
export class OcrDesktop implements AsyncDisposable {
  static readonly session = "desktop";

  private constructor(
    private readonly workstations: Workstations,
    private readonly runner: RunnerClient,
    readonly displays: Displays,
    readonly exec: Exec,
    private readonly signal: AbortSignal,
  ) {}

  static async open(signal: AbortSignal, listed: string): Promise<OcrDesktop> {
    const workstations = await Workstations.open();
    const { driver, secrets } = workstations;
    const spec = await workstations.spec(null, { limits, image: appsImage });
    const ref = await driver.create(spec, signal);
    await driver.start(ref, workstations.boot({ size }), signal);
    const [rfb, http] = await Promise.all([driver.dial(ref, "rfb"), driver.dial(ref, "runner")]);
    const runner = new RunnerClient(async () => ({ ...http, token: secrets.token }));
    const displays = createDisplays({
      locate: async () => ({ ...rfb, password: secrets.vncPassword }),
    });
    const desktop = new OcrDesktop(workstations, runner, displays, new Exec(runner), signal);
    await desktop.write(listing, listed);
    await desktop.write(letter, `${letterLines.join("\n")}\n`);
    return desktop;
  }

  /** Opens a scene's window, and puts all others away; resolves when it is painted. */
  async show(scene: Scene): Promise<{ region: RunnerManagedWindow; texts: readonly string[] }> {
    const { session } = OcrDesktop;
    const opened = { command: [`exec sh -c "$SCENE"`], env: { SCENE: scene.open }, detach: true };
    await this.exec.run(session, { ...opened, tty: null }, new Uint8Array(), this.signal);
    const window = await this.windowOf(scene.title);
    const { id } = window;
    for (const other of (await this.runner.windows(session)).windows) {
      // The first terminal would come back if it were closed.
      if (other.id === id) continue;
      await this.runner.windowAction(session, other.id, { action: "minimize" });
    }
    if (scene.size) {
      await this.runner.windowAction(session, id, { action: "restore" });
      await this.runner.windowAction(session, id, { action: "resize", ...scene.size });
    }
    await this.runner.windowAction(session, id, { action: "focus" });
    using lease = await this.displays.acquire(session, this.signal);
    let region = window;
    let worked = 0;
    do {
      const before = await this.ticksOf(window);
      await untilCalm(lease.display, this.signal);
      worked = (await this.ticksOf(window)) - before;
      region = await this.windowOf(scene.title);
      // Its program may be at work on what is painted next.
    } while (worked > idleTicks || isBlank(lease.display.framebuffer, region));
    if (scene.shows) return { region, texts: scene.shows };
    const { terminal } = await this.runner.screen(session);
    return { region, texts: terminal?.lines.slice(-terminal.rows) ?? [] };
  }

  private async windowOf(title: string): Promise<RunnerManagedWindow> {
    const deadline = Date.now() + openMs;
    for (;;) {
      this.signal.throwIfAborted();
      const { windows } = await this.runner.windows(OcrDesktop.session);
      const found = windows.find((window) => window.title.includes(title));
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`no window has the title ${title}`);
      await Bun.sleep(50);
    }
  }

  /** Processor time that a window's program has taken so far: `utime` and `stime` of proc_pid_stat(5). */
  private async ticksOf({ pid }: RunnerManagedWindow): Promise<number> {
    const spec = { command: ["cat", `/proc/${pid}/stat`], detach: false, tty: null };
    const { stdout } = await this.exec.run(OcrDesktop.session, spec, new Uint8Array(), this.signal);
    const [user = 0, system = 0] = stdout
      .replace(/^.*\) /, "")
      .split(" ")
      .slice(11, 13)
      .map(Number);
    return user + system;
  }

  private async write(path: string, text: string): Promise<void> {
    const spec = { command: ["sh", "-c", `cat > ${path}`], detach: false, tty: null };
    await this.exec.run(OcrDesktop.session, spec, Buffer.from(text), this.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.displays.close();
    await this.workstations[Symbol.asyncDispose]();
  }
}

/** Resolves when no pixel has changed for a while. */
async function untilCalm(display: Display, signal: AbortSignal): Promise<void> {
  let last = performance.now();
  const stop = display.onChange(() => {
    last = performance.now();
  });
  try {
    for (let left = calmMs; left > 0; left = last + calmMs - performance.now()) {
      signal.throwIfAborted();
      await Bun.sleep(left);
    }
  } finally {
    stop();
  }
}

/** Whether a window has not been painted yet: all its pixels are as the one in its middle. */
function isBlank({ pixels, width }: Framebuffer, region: Region): boolean {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  const [x, y] = [region.x + (region.width >> 1), region.y + (region.height >> 1)];
  const middle = words[y * width + x];
  for (let row = region.y + 8; row < region.y + region.height - 8; row++) {
    const from = row * width + region.x;
    if (words.subarray(from + 8, from + region.width - 8).some((word) => word !== middle)) {
      return false;
    }
  }
  return true;
}
