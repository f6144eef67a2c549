import { closeSync, existsSync, openSync, readSync, statSync, watch } from "node:fs";
import { NexoraError } from "../contract/errors.ts";
import type { Paths } from "../paths.ts";
import { makePrivateFolder } from "../private-folder.ts";
import { findDaemon } from "./probe.ts";

export interface LaunchOptions {
  paths: Paths;
  /** Command that runs the daemon in the foreground, and prints why it cannot as JSON. */
  command: string[];
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  /** How long the daemon may take, in milliseconds. @default 20_000 */
  deadlineMs?: number;
}

/** How late an event that the watcher missed may be seen, in milliseconds. */
const missedMs = 100;

/**
 * Starts the daemon in the background and resolves once it answers. When another process has
 * just started one, waits for that one. Throws the daemon's own reason for not starting, else
 * `daemon_unreachable` with the end of the log.
 */
export async function launchDaemon(options: LaunchOptions): Promise<void> {
  const { paths, command } = options;
  const deadlineMs = options.deadlineMs ?? 20_000;
  makePrivateFolder(paths.home);
  const logStart = existsSync(paths.log) ? statSync(paths.log).size : 0;
  const log = openSync(paths.log, "a", 0o600);
  const registered = new Signals();
  const watcher = watch(paths.home, () => registered.raise());
  // Bun's watcher drops the second of two like events within a millisecond.
  const missed = setInterval(() => registered.raise(), missedMs);
  const timer = setTimeout(() => registered.close(), deadlineMs);
  const onAbort = () => registered.close();
  options.signal.addEventListener("abort", onAbort);
  try {
    const child = Bun.spawn(command, {
      cwd: "/",
      // Absolute, because the daemon runs in another folder than this process.
      env: { ...options.env, ...(options.env.NEXORA_HOME ? { NEXORA_HOME: paths.home } : {}) },
      stdio: ["ignore", "pipe", log],
      detached: true,
      onExit: () => registered.raise(),
    });
    child.unref();
    let another = false;
    do {
      if (await findDaemon(paths, options.signal)) return;
      if (child.exitCode === null || another) continue;
      const reason = reported(await new Response(child.stdout).text());
      // Another daemon holds the lock, and is about to answer.
      another = reason?.code === "daemon_running";
      if (another) continue;
      const ended = `the daemon exited at once with code ${child.exitCode}`;
      throw reason ?? failed(ended, paths.log, logStart);
    } while (await registered.next());
    options.signal.throwIfAborted();
    throw failed(`the daemon did not answer within ${deadlineMs / 1000} s`, paths.log, logStart);
  } finally {
    options.signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
    clearInterval(missed);
    watcher.close();
    closeSync(log);
  }
}

/** The error with which the daemon says that it cannot start; null when it said something else. */
function reported(output: string): NexoraError | null {
  try {
    const { ok, error } = JSON.parse(output) as { ok?: boolean; error?: unknown };
    return ok === false ? NexoraError.fromJSON(error) : null;
  } catch {
    return null;
  }
}

/** Remembers that something happened until somebody asks. */
class Signals {
  private raised = false;
  private closed = false;
  private wake: (() => void) | undefined;

  raise(): void {
    this.raised = true;
    this.wake?.();
  }

  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /** True at the next event, false once closed. */
  async next(): Promise<boolean> {
    if (!this.raised && !this.closed) await new Promise<void>((resolve) => (this.wake = resolve));
    this.raised = false;
    return !this.closed;
  }
}

function failed(what: string, log: string, from: number): NexoraError {
  const end = logSince(log, from);
  return new NexoraError("daemon_unreachable", end ? `${what}:\n${end}` : what, {
    hint: `\`nexora doctor\` checks what it needs; the whole log is ${log}`,
  });
}

/** What was written to the log from an offset on: the last 2 KiB of it. */
function logSince(path: string, from: number): string {
  const file = openSync(path, "r");
  try {
    const size = statSync(path).size;
    const start = Math.max(from <= size ? from : 0, size - 2048);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, start)).trimEnd();
  } finally {
    closeSync(file);
  }
}
