import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { Output } from "../../src/contract/index.ts";
import type { ScreenOutput } from "../../src/contract/screen.ts";
import { TestDaemon } from "../support/daemon.ts";
import { NexoraCli } from "../support/nexora-cli.ts";

type Diff = Output<"diff">;

let daemon: TestDaemon;
let cli: NexoraCli;
const folder = mkdtempSync(join(tmpdir(), "nexora-diff-"));

/** Without the taskbar, whose clock changes by itself. */
const region = { x: 0, y: 0, width: 800, height: 560 };

beforeAll(async () => {
  daemon = await TestDaemon.start();
  cli = new NexoraCli(daemon, "the Unix socket");
  await daemon.newSession({ name: "diff", workspace: null, size: { width: 800, height: 600 } });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const post = <T>(verb: string, body: object) =>
  daemon.call<T>("POST", `/v1/sessions/diff/${verb}`, body);
const diff = (body: object = {}) => post<Diff>("diff", { region, image: false, ...body });
const look = (query = "") => daemon.call<ScreenOutput>("GET", `/v1/sessions/diff/screen?${query}`);
/** Types a line, and resolves once it and its prompt have been painted. */
async function type(text: string): Promise<void> {
  await post("type", { text, wait: { prompt: true } });
  await post("wait", { stableMs: 300 });
}
const nexora = (...words: string[]) => cli.ended("-s", "diff", ...words);

describe("diff", () => {
  test("finds what has changed since the last look, also one in another format, or by its rev", async () => {
    await type("clear\n");
    const { rev } = await look("format=jpeg&scale=0.5");
    expect(await diff()).toMatchObject({ same: true, ratio: 0, changed: 0, boxes: [] });
    await type("echo hello\n");
    const changed = await diff({ rev, image: true });
    expect(changed).toMatchObject({
      same: false,
      base: { rev },
      size: { width: 800, height: 560 },
    });
    const pixels = changed.ratio * 800 * 560;
    expect(Math.round(pixels)).toBe(changed.changed);
    expect(changed.boxes.length).toBeGreaterThan(0);
    for (const { x, y, width, height } of changed.boxes) {
      expect(x >= 0 && y >= 0 && x + width <= 800 && y + height <= 560).toBe(true);
    }
    const picture = sharp(Buffer.from(changed.image?.base64 ?? "", "base64"));
    expect(await picture.metadata()).toMatchObject({ format: "png", width: 2416, height: 560 });
    expect(await diff({ threshold: changed.ratio })).toMatchObject({ same: true });
    expect(await diff({ masks: [region] })).toMatchObject({ same: true, ratio: 0 });
    await look();
    expect(await diff()).toMatchObject({ same: true });
  });

  test("by the command line keeps baselines, and tells by its exit code", async () => {
    const base = join(folder, "baseline/prompt.png");
    const part = ["--region", "0,0,800,560"];
    await type("clear\n");
    const missing = await nexora("diff", base);
    expect({ code: missing.code, stderr: missing.stderr }).toEqual({
      code: 4,
      stderr: expect.stringContaining("--update"),
    });
    expect((await nexora("diff", base, "--update", ...part)).code).toBe(0);
    expect(await nexora("diff", base, ...part)).toMatchObject({ code: 0, stdout: "the same\n" });
    await type("echo changed\n");
    const sheet = join(folder, "sheet.png");
    const changed = await nexora("diff", base, "-o", sheet, ...part);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(
      /^different: \d+ pixels \([\d.e-]+ %\) differ, at\n {2}\d+,\d+,\d+,\d+/,
    );
    expect(await sharp(sheet).metadata()).toMatchObject({ width: 2416, height: 560 });
    expect((await nexora("diff", base, ...part, "--mask", "0,0,800,560")).code).toBe(0);
    expect((await nexora("diff", base, ...part, "--threshold", "1")).code).toBe(0);
    const { stdout } = await nexora("diff", base, ...part, "--json");
    expect(JSON.parse(stdout).data).toMatchObject({ same: false, base: { rev: null } });
    const larger = await nexora("diff", base);
    expect(larger).toMatchObject({
      code: 1,
      stdout: "different: it was 800x560, and is 800x600\n",
    });
    const bytes = await daemon.fetch("/v1/sessions/diff/diff", {
      method: "POST",
      headers: { accept: "image/png", "content-type": "application/json" },
      body: JSON.stringify({ rev: (await look()).rev }),
    });
    expect(bytes.headers.get("content-type")).toBe("image/png");
    expect((await sharp(await bytes.bytes()).metadata()).width).toBe(2416);
  });

  test("refuses what it cannot compare with, and says what it needs", async () => {
    const png = (bytes: string) => Buffer.from(bytes).toString("base64");
    await expect(diff({ png: png("no picture") })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("it is no PNG"),
    });
    await expect(diff({ rev: "0123456789abcdef" })).rejects.toMatchObject({ code: "not_found" });
    await expect(diff({ rev: "0123456789abcdef", png: png("x") })).rejects.toMatchObject({
      code: "usage",
    });
    await expect(diff({ region: { x: 790, y: 0, width: 11, height: 9 } })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("800x600"),
    });
    expect((await nexora("diff", "--update")).code).toBe(2);
    expect(existsSync(join(folder, "nothing.png"))).toBe(false);
  });
});
