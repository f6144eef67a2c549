import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { chmod, copyFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { TerminalScreen } from "../../docker/workstation/runner/terminal/screen.ts";
import type { ScreenOutput } from "../../src/contract/screen.ts";
import { TestDaemon } from "../support/daemon.ts";
import { randomStream, type Stream } from "../support/terminal-streams.ts";

const support = join(import.meta.dir, "../support");
/** Of real programs, by support/record-terminal.py. */
const recordings = join(import.meta.dir, "../fixtures/terminal-recordings.json.gz");
/** Before a random stream: slow scrolling, which xterm shows at once; else it depends on time. */
const slowly = "\x1b[?4h";

let daemon: TestDaemon;
let folder: string;
let jobs = 0;
let cells = 0;

beforeAll(async () => {
  daemon = await TestDaemon.start();
  folder = mkdtempSync(join(tmpdir(), "nexora-exact-"));
  await chmod(folder, 0o777);
  await copyFile(join(support, "xterm-player.py"), join(folder, "player.py"));
  await daemon.newSession({ name: "exact", workspace: folder });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  console.log(`exact text: ${jobs} streams, ${cells} cells compared with xterm's own`);
});

const look = () => daemon.call<ScreenOutput>("GET", "/v1/sessions/exact/screen");
const type = (text: string) => daemon.call("POST", "/v1/sessions/exact/type", { text });

async function until<T>(find: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify((await look()).text)}`);
    await Bun.sleep(2);
  }
}

/** An xterm like the session's own, but with a printer, in which the player runs. */
async function openPlayer(): Promise<void> {
  const printer = "cat >>/workspace/print";
  const resources = [
    `printerCommand: ${printer}`,
    ...[
      "allowWindowOps: true",
      "printAttributes: 0",
      "printerAutoClose: true",
      "printRawChars: true",
      "faceSize: 6",
    ],
  ].map((resource) => `-xrm 'Player*${resource}'`);
  const relay = "/usr/lib/nexora/runner relay";
  // Of another class, because fluxbox maximizes the session's own.
  const own = "sed s/^XTerm/Player/ /usr/share/nexora/Xresources >/tmp/player";
  await type(
    `${own}; XENVIRONMENT=/tmp/player xterm -class Player -geometry 100x30 ${resources.join(" ")} -e ${relay} &\n`,
  );
  await until(async () => (await look()).text?.[0]?.terminal?.columns === 100);
  await type("python3 /workspace/player.py /workspace\n");
}

interface Shown {
  lines: string[];
  /** Row and column from 0. */
  cursor: { x: number; y: number };
  margins: string;
}

/** What xterm shows of a stream, and what the session says that it shows; null: it cannot say. */
async function play(stream: Stream): Promise<{ xterm: Shown; ours: Shown | null }> {
  const job = join(folder, `${jobs++}`);
  const steps = stream.steps.map((step) =>
    typeof step === "string" ? Buffer.from(step).toString("latin1") : step,
  );
  await writeFile(`${job}.new`, JSON.stringify({ ...stream, steps }));
  await rename(`${job}.new`, `${job}.job`);
  await until(async () => existsSync(`${job}.out`));
  const { lines, answer } = JSON.parse(await readFile(`${job}.out`, "utf8"));
  const block = (await look()).text?.[0];
  await writeFile(`${job}.go`, "");
  const [, row, column] = /1\$u(\d+);(\d+);/.exec(answer) ?? [];
  const margins = [...answer.matchAll(/\$r(\d+;\d+[rs])/g)].map((match) => match[1]).join(" ");
  cells += lines.length * (block?.terminal?.columns ?? 0);
  const cursor = { x: Number(column) - 1, y: Number(row) - 1 };
  const { x, y } = block?.terminal?.cursor ?? { x: -1, y: -1 };
  const ours = block?.degraded === null ? { lines: block.lines, cursor: { x, y }, margins } : null;
  return { xterm: { lines: lines.map(plain), cursor, margins }, ours };
}

/** A row of xterm's without the marks that it prints for second halves of wide characters. */
function plain(row: string): string {
  return row.replaceAll("\uffff", "").trimEnd();
}

/** What a stream's screen is drawn anew with. */
function redrawn({ name, rows, columns, steps }: Stream): {
  again: Stream;
  screen: TerminalScreen;
} {
  const screen = new TerminalScreen({ columns, rows }, () => {});
  for (const step of steps) {
    if (typeof step === "string") screen.write(Buffer.from(step));
    else if (step[1] !== screen.columns || step[0] !== screen.rows) screen.resize(step[1], step[0]);
  }
  const again = { name, rows: screen.rows, columns: screen.columns, steps: [screen.redraw()] };
  return { again, screen };
}

test("tmux beside tmux: vim's lines and the border stay where a pane is cleared and scrolled", async () => {
  await writeFile(
    join(folder, "lines"),
    Array.from({ length: 60 }, (_, n) => `line ${n}\n`).join(""),
  );
  const loop = "for i in $(seq 40); do clear; seq $((i + 30)); done; echo all-$((40 + 2)); cat";
  await type(
    `tmux -f /dev/null new "vim -u NONE -N /workspace/lines" \\; split-window -h '${loop}'\n`,
  );
  const lines = await until(async () => {
    const shown = (await look()).text?.[0]?.lines ?? [];
    const hasVim = shown.slice(0, -2).every((line, n) => line.startsWith(`line ${n}`));
    return hasVim && shown.some((line) => line.includes("all-42")) && shown;
  });
  const panes = lines.slice(0, -2);
  expect(panes.map((line) => line.slice(0, 7))).toEqual(panes.map((_, n) => `line ${n}`.padEnd(7)));
  expect(new Set(panes.map((line) => line.indexOf("│"))).size).toBe(1);
  expect(panes[0]?.indexOf("│")).toBeGreaterThan(20);
  await daemon.call("POST", "/v1/sessions/exact/key", { keys: ["ctrl+c"] });
  await until(async () => !(await look()).text?.[0]?.lines[0]?.includes("│"));
  await type(":qa!\n");
  await until(async () => (await look()).text?.[0]?.terminal?.prompt);
});

describe("cell by cell, the text is what xterm shows", () => {
  beforeAll(openPlayer);
  afterAll(() => writeFile(join(folder, `${jobs}.job`), "null"));

  const programs = JSON.parse(gunzipSync(readFileSync(recordings)).toString());
  test.each(programs as { name: string; rows: number; columns: number; chunks: string[] }[])(
    "of $name",
    async ({ name, rows, columns, chunks }) => {
      const steps = chunks.map((chunk) => Buffer.from(chunk, "latin1").toString());
      for (let length = 1; length <= steps.length; length += 3) {
        const stream = { name, rows, columns, steps: steps.slice(0, length) };
        const { xterm, ours } = await play(stream);
        // vttest also changes the number of columns.
        if (ours || !name.startsWith("vttest")) expect(ours).toEqual(xterm);
      }
    },
  );

  test.each(Array.from({ length: 80 }, (_, seed) => seed))("of random stream %i", async (seed) => {
    const stream = randomStream(seed);
    stream.steps.unshift(slowly);
    const { xterm, ours } = await play(stream);
    expect(ours).toEqual(xterm);
  });

  test.each(Array.from({ length: 24 }, (_, seed) => 1000 + seed))("of redraw %i", async (seed) => {
    const stream = randomStream(seed);
    stream.steps.unshift(slowly);
    const { screen, again } = redrawn(stream);
    expect(redrawn(again).screen.state(0)).toEqual(screen.state(0));
    const { xterm } = await play(stream);
    expect((await play(again)).xterm).toEqual(xterm);
  });
});
