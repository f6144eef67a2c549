import { delay } from "../../../../src/abort.ts";
import { messageOf } from "../../../../src/thrown.ts";
import { yieldingMemory } from "../exec/oom.ts";
import type { Log } from "../log.ts";

/** What a supervised program needs: its arguments and environment. */
export interface Program {
  name: string;
  command: string[];
  env: Record<string, string>;
  cwd: string;
  /** It outlives this process, whose end would break a pipe to it: nothing of it is logged. */
  lasting?: true;
}

const shortestDelayMs = 50;
const longestDelayMs = 10_000;
/** A run of this length counts as healthy: the next restart is quick again. */
const healthyMs = 5_000;

/**
 * Runs a program, its standard output and error going to the log, and to `heard` line by line, until it
 * ends or `signal` aborts, which sends it SIGTERM. Resolves with how it ended; never rejects.
 */
export async function runProgram(
  program: Program,
  log: Log,
  signal: AbortSignal,
  heard?: (line: string) => void,
): Promise<string> {
  const output = program.lasting ? "ignore" : "pipe";
  let child: Bun.Subprocess<"ignore", "pipe" | "ignore", "pipe" | "ignore">;
  try {
    child = yieldingMemory(() =>
      Bun.spawn(program.command, {
        env: program.env,
        cwd: program.cwd,
        stdin: "ignore",
        stdout: output,
        stderr: output,
        detached: true,
      }),
    );
  } catch (error) {
    return `before it began: ${messageOf(error)}`;
  }
  if (child.stdout) void log.follow(program.name, child.stdout, heard);
  if (child.stderr) void log.follow(program.name, child.stderr, heard);
  const stop = () => child.kill();
  signal.addEventListener("abort", stop);
  await child.exited;
  signal.removeEventListener("abort", stop);
  return child.signalCode ? `by ${child.signalCode}` : `with status ${child.exitCode}`;
}

/**
 * Keeps a program running until `signal` aborts: restarts it when it ends, after a delay that
 * doubles while it keeps failing. Resolves when it has been told to stop.
 */
export async function supervise(program: Program, log: Log, signal: AbortSignal): Promise<void> {
  let pauseMs = shortestDelayMs;
  while (!signal.aborted) {
    const started = Date.now();
    const ending = await runProgram(program, log, signal);
    if (signal.aborted) return;
    if (Date.now() - started >= healthyMs) pauseMs = shortestDelayMs;
    log.line("runner", `${program.name} ended ${ending}; starting it again in ${pauseMs} ms`);
    await delay(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, longestDelayMs);
  }
}
