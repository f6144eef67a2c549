import { dlopen, FFIType } from "bun:ffi";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { NexoraError } from "../src/contract/errors.ts";

/** The claim of one daemon on a home folder. */
export interface HomeLock extends Disposable {
  readonly path: string;
}

/** flock(2). */
const LOCK_EX = 2;
const LOCK_NB = 4;

interface Holder {
  pid: number;
  since: string;
}

/**
 * Takes `<home>/lock`, or throws `daemon_running` that names the holder. The kernel frees
 * it when the process ends in whatever way; children do not inherit it (the descriptor closes on
 * exec). The folder must exist.
 */
export function lockHome(home: string): HomeLock {
  const path = join(home, "lock");
  const file = open(path);
  if (!flock(file)) {
    closeSync(file);
    throw held(home, readHolder(path));
  }
  const holder: Holder = { pid: process.pid, since: new Date().toISOString() };
  try {
    ftruncateSync(file);
    writeSync(file, `${JSON.stringify(holder)}\n`, 0);
  } catch {
    // The disk is full: it is held without a name.
  }
  return { path, [Symbol.dispose]: () => closeSync(file) };
}

function open(path: string): number {
  try {
    // Not "w": that would empty the holder's file.
    return openSync(path, "a+", 0o600);
  } catch (error) {
    throw new NexoraError("store_failed", `the lock file ${path} cannot be opened`, {
      hint: "make its folder writable, or set NEXORA_HOME to one that is",
      cause: error,
    });
  }
}

function flock(file: number): boolean {
  const libc = dlopen("libc.so.6", {
    flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  });
  try {
    return libc.symbols.flock(file, LOCK_EX | LOCK_NB) === 0;
  } finally {
    libc.close();
  }
}

function readHolder(path: string): Holder | null {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, "utf8"));
    const { pid, since } = holder as Partial<Holder>;
    return typeof pid === "number" && typeof since === "string" ? { pid, since } : null;
  } catch {
    // The holder has the lock, but has not written its name yet.
    return null;
  }
}

function held(home: string, holder: Holder | null): NexoraError {
  const who = holder ? `pid ${holder.pid}, since ${holder.since}` : "it is just starting";
  return new NexoraError("daemon_running", `a daemon is already running on ${home} (${who})`, {
    hint: "use it, stop it with `nexora daemon stop`, or set NEXORA_HOME to another folder",
    details: holder ? { ...holder, home } : { home },
  });
}
