/**
 * `bun run bench [TOPIC…]`: measures ours and today's way in one run, prints a table, and writes
 * results/<date>.json. Fails on errors only, never on a number.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchAgent } from "./agent.ts";
import type { Topic } from "./bench.ts";
import { benchChrome } from "./chrome.ts";
import { benchDesktop } from "./desktop.ts";
import { benchDisplay } from "./display.ts";
import { hasImage } from "./docker.ts";
import { benchExec } from "./exec.ts";
import { benchGateway } from "./gateway.ts";
import { benchHello } from "./hello.ts";
import { describeMachine, renderMachine } from "./machine.ts";
import { benchMemory } from "./memory.ts";
import { baseImage, binary, Nexora, requireBinary } from "./nexora.ts";
import { benchOcr } from "./ocr.ts";
import { benchPointer } from "./pointer.ts";
import { run } from "./run.ts";
import { benchScreen } from "./screen.ts";
import { benchStartup } from "./startup.ts";
import { isReached, type Row, ratioOf, renderTable } from "./table.ts";
import { benchTunnel } from "./tunnel.ts";
import { benchTyping } from "./typing.ts";

const topics: Record<string, Topic> = {
  exec: benchExec,
  typing: benchTyping,
  pointer: benchPointer,
  desktop: benchDesktop,
  display: benchDisplay,
  screen: benchScreen,
  ocr: benchOcr,
  hello: benchHello,
  startup: benchStartup,
  memory: benchMemory,
  tunnel: benchTunnel,
  gateway: benchGateway,
  chrome: benchChrome,
  agent: benchAgent,
};

async function bench(chosen: string[], signal: AbortSignal): Promise<void> {
  requireBinary();
  const machine = await describeMachine(signal);
  console.error(renderMachine(machine));
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "nexora-bench-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const nexora = stack.use(await Nexora.start(signal));
  if (!(await hasImage(baseImage, signal))) {
    console.error(`building ${baseImage} …`);
    await run([binary, "image", "build", "base"], { signal, env: nexora.env });
  }
  const rows: Row[] = [];
  for (const name of chosen) {
    console.error(`measuring: ${name} …`);
    rows.push(...((await topics[name]?.({ signal, nexora, folder })) ?? []));
  }
  console.log(`\n${renderTable(rows)}\n\n${renderMachine(machine)}`);
  const time = new Date().toISOString();
  const results = join(import.meta.dir, "results");
  mkdirSync(results, { recursive: true });
  const path = join(results, `${time.replace(/[:.]/g, "-")}.json`);
  const measured = rows.map((row) => ({ ...row, ratio: ratioOf(row), reached: isReached(row) }));
  await Bun.write(path, `${JSON.stringify({ time, machine, rows: measured }, null, 2)}\n`);
  console.error(path);
}

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in topics));
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupt.abort(new Error("interrupted")));
}
try {
  if (unknown) throw new Error(`no topic ${unknown}: ${Object.keys(topics).join(", ")}`);
  await bench(chosen.length > 0 ? chosen : Object.keys(topics), interrupt.signal);
  process.exit(0);
} catch (error) {
  console.error(`the benchmark failed: ${(error as Error).message}`);
  process.exit(interrupt.signal.aborted ? 130 : 1);
}
