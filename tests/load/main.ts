/**
 * `bun run bench:load [--sessions N] [--seconds S]`: opens many sessions at once and works in all
 * of them; prints how long each operation took, what failed, and whether anything reached a
 * session that it was not meant for. Exits 1 on errors or crossed markers, never on a number.
 */
import { mkdirSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { ScreenOutput } from "../../src/contract/screen.ts";
import type { Session } from "../../src/contract/session.ts";
import { describeMachine, renderMachine } from "../bench/machine.ts";
import { Nexora } from "../bench/nexora.ts";
import { containerMiB, daemonMiB } from "./memory.ts";
import { Operations } from "./operations.ts";
import { inParallel } from "./parallel.ts";

const { values } = parseArgs({
  options: { sessions: { type: "string" }, seconds: { type: "string", default: "30" } },
});
/** What one session may take, all in, in bytes: decides how many fit. */
const perSession = 120 * 1024 ** 2;
const fitting = Math.max(1, Math.floor((freemem() * 0.8) / perSession));
const count = Number(values.sessions ?? Math.min(100, fitting));
const callers = 20;

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupt.abort());

try {
  process.exitCode = (await load(count, Number(values.seconds) * 1000, interrupt.signal)) ? 0 : 1;
} catch (error) {
  console.error(`the load test failed: ${(error as Error).message}`);
  process.exitCode = 1;
}
process.exit();

async function load(wanted: number, forMs: number, signal: AbortSignal): Promise<boolean> {
  const machine = await describeMachine(signal);
  console.error(renderMachine(machine));
  // Wide enough pools for any number, whatever other daemons hold.
  const ports = { vnc: [20_000, 20_000 + wanted + 99], cdp: [21_000, 21_000 + wanted + 99] };
  await using nexora = await Nexora.start(signal, { ports });
  const operations = new Operations();
  const idleMiB = await daemonMiB(nexora.pid);

  console.error(`opening ${wanted} sessions …`);
  const opening = performance.now();
  const opened = await inParallel(range(wanted), 4, (n) =>
    operations.time("session new", () => nexora.newSession({ name: `load-${n}`, workspace: null })),
  );
  const openMs = performance.now() - opening;
  const sessions = opened.filter((session) => session !== null);
  const containers = await containerMiB(nexora.instance, signal);

  console.error(`typing a marker into each of ${sessions.length}, all at once …`);
  await inParallel(sessions, sessions.length, (session) =>
    operations.time("type", () =>
      nexora.call("POST", path(session, "type"), {
        text: `clear; echo ${marker(session)}\n`,
        wait: { prompt: true, timeoutMs: 60_000 },
      }),
    ),
  );
  const screens = await inParallel(sessions, sessions.length, (session) =>
    operations.time("screen", () => nexora.call<ScreenOutput>("GET", path(session, "screen"))),
  );
  const crossed = crossings(sessions, screens);

  for (const work of [exec, read]) {
    console.error(`${work.name} in all of them for ${forMs / 2000} s, ${callers} callers …`);
    const until = performance.now() + forMs / 2;
    await inParallel(range(callers), callers, async (caller) => {
      for (let n = caller; performance.now() < until && !signal.aborted; n += callers + 1) {
        const session = sessions[n % sessions.length];
        if (session) await work(nexora, operations, session);
      }
    });
  }
  const daemon = await daemonMiB(nexora.pid);
  const ending = performance.now();
  await inParallel(sessions, 8, (session) =>
    operations.time("session rm", () => nexora.removeSession(session)),
  );
  const removeMs = performance.now() - ending;

  const facts = {
    sessions: sessions.length,
    openSeconds: round(openMs / 1000),
    removeSeconds: round(removeMs / 1000),
    daemonIdleMiB: round(idleMiB),
    daemonMiB: round(daemon),
    containerMiB: round(containers),
    allInMiBPerSession: round(containers + (daemon - idleMiB) / Math.max(1, sessions.length)),
    crossedMarkers: crossed.length,
    errors: operations.errors.length,
  };
  console.log(`\n${operations.table()}\n`);
  console.table(facts);
  for (const text of [...operations.errors, ...crossed].slice(0, 20)) console.log(text);
  await keep({ machine, facts, operations: operations.summaries() });
  return operations.errors.length === 0 && crossed.length === 0 && sessions.length === wanted;
}

async function exec(nexora: Nexora, operations: Operations, session: Session): Promise<void> {
  const result = await operations.time("exec", () =>
    nexora.call<ExecOutput>("POST", path(session, "exec"), { command: ["cat", "/etc/hostname"] }),
  );
  if (result && result.stdout.trim() !== session.name) {
    operations.errors.push(`exec in ${session.name} answered as ${result.stdout.trim()}`);
  }
}

async function read(nexora: Nexora, operations: Operations, session: Session): Promise<void> {
  await operations.time("screen, text", () =>
    nexora.call("GET", `${path(session, "screen")}?image=false`),
  );
}

/** Markers on a screen that are not its own, and screens without their own. */
function crossings(
  sessions: readonly Session[],
  screens: readonly (ScreenOutput | null)[],
): string[] {
  const own = new Set(sessions.map(marker));
  return sessions.flatMap((session, at) => {
    const text = screens[at]?.text?.[0]?.lines.join("\n") ?? "";
    const seen = (text.match(/MARK-\w+/g) ?? []).filter((found) => own.has(found));
    const foreign = seen.filter((found) => found !== marker(session));
    const missing = seen.includes(marker(session)) ? [] : [`${session.name} lacks its marker`];
    return [...foreign.map((found) => `${session.name} shows ${found}`), ...missing];
  });
}

async function keep(result: Record<string, unknown>): Promise<void> {
  const folder = join(import.meta.dir, "../bench/results");
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString();
  const file = join(folder, `load-${time.replace(/[:.]/g, "-")}.json`);
  await Bun.write(file, `${JSON.stringify({ time, ...result }, null, 2)}\n`);
  console.error(file);
}

function marker({ id }: Session): string {
  return `MARK-${id.slice(2)}`;
}

function path({ id }: Session, verb: string): string {
  return `/v1/sessions/${id}/${verb}`;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
