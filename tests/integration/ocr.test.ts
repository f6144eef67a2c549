import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createDisplays } from "../../daemon/display/displays.ts";
import type { Displays } from "../../daemon/display/types.ts";
import { Exec } from "../../daemon/exec/exec.ts";
import { assembleOcr } from "../../daemon/perception/ocr/assemble.ts";
import type { ScreenOcr } from "../../daemon/perception/ocr/screen-ocr.ts";
import { RunnerClient } from "../../daemon/runner/client.ts";
import { appsImage } from "../support/apps-image.ts";
import { baseImage, Workstations } from "../support/workstations.ts";

const binary = process.env.NEXORA_TEST_BINARY;
const program = binary ? [binary] : ["bun", join(import.meta.dir, "../../nexora.ts")];
const calm = new AbortController().signal;
const whole = { x: 0, y: 0, width: 800, height: 600 };
const sentence = "Invoice 4711 for 12 boxes is due on Friday";

/** One workstation, and the daemon's own parts on it. */
class Desk implements AsyncDisposable {
  private constructor(
    private readonly workstations: Workstations,
    private readonly displays: Displays,
    private readonly runner: RunnerClient,
    private readonly exec: Exec,
    readonly ocr: ScreenOcr,
  ) {}

  static async open(image: string): Promise<Desk> {
    const workstations = await Workstations.open();
    const { driver, secrets } = workstations;
    const limits = { cpus: 1, memoryBytes: 2 ** 30, pids: 200 };
    const ref = await workstations.running(null, { image, limits });
    const [rfb, http] = await Promise.all([driver.dial(ref, "rfb"), driver.dial(ref, "runner")]);
    const runner = new RunnerClient(async () => ({ ...http, token: secrets.token }));
    const displays = createDisplays({
      locate: async () => ({ ...rfb, password: secrets.vncPassword }),
    });
    const exec = new Exec(runner);
    const ocr = assembleOcr({ displays, exec, program });
    return new Desk(workstations, displays, runner, exec, ocr);
  }

  async type(text: string): Promise<void> {
    await this.runner.input("it", { text });
  }

  /** Runs a shell's line to its end, or in the background. */
  async run(line: string, detach = false): Promise<void> {
    const spec = { command: [line], detach, tty: null };
    const { exitCode, stderr } = await this.exec.run("it", spec, new Uint8Array(), calm);
    if (exitCode) throw new Error(stderr);
  }

  /** What the screen says once it says this; the desktop's programs take their time. */
  async says(wanted: string) {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const text = await this.ocr.read("it", [whole], calm);
      const line = text.lines.find((each) => each.text.includes(wanted));
      if (line) return line;
      if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(text, null, 1)}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.displays.close();
    await this.workstations[Symbol.asyncDispose]();
  }
}

/** Processes of this one that read pictures. */
function ownReaders(): string[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.filter((pid) => {
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ")[1];
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return parent === String(process.pid) && words.includes("ocr");
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

describe("where the image has no tesseract", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open(baseImage);
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  test("ours reads the screen", async () => {
    await desk.type(`clear; echo; echo '  ${sentence}'\r`);
    const { box, confidence } = await desk.says(sentence);
    expect(confidence).toBeGreaterThan(0.7);
    // In the terminal's third row or so, and about as long as its characters are together.
    expect(box.y).toBeLessThan(120);
    expect(box.width / sentence.length).toBeWithin(5, 16);
    expect(ownReaders()).toEqual([]);
  });

  test("a caller who goes away ends the work", async () => {
    const caller = new AbortController();
    // By another name: what was read before would need no reading.
    const reading = desk.ocr.read("again", [whole], caller.signal);
    reading.catch(() => {});
    const deadline = Date.now() + 20_000;
    while (ownReaders().length === 0 && Date.now() < deadline) await Bun.sleep(10);
    expect(ownReaders().length).toBe(1);
    caller.abort(new Error("gone"));
    await expect(reading).rejects.toThrow("gone");
    while (ownReaders().length > 0 && Date.now() < deadline) await Bun.sleep(10);
    expect(ownReaders()).toEqual([]);
  });
});

describe("where the image has one", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open(appsImage);
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  test("that reads what a picture viewer shows", async () => {
    const options = "-size 600x120 -gravity center -background white -font DejaVu-Sans";
    await desk.run(`convert ${options} -pointsize 18 label:'${sentence}' /tmp/invoice.png`);
    await desk.run("exec feh --geometry 600x120+50+200 /tmp/invoice.png", true);
    const { box } = await desk.says(sentence);
    expect(box.width).toBeWithin(300, 600);
    expect(ownReaders()).toEqual([]);
  });
});
