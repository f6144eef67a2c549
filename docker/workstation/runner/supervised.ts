import { dlopen, FFIType } from "bun:ffi";
import { closeSync, writeSync } from "node:fs";

/** Linux's numbers: fcntl(2), prctl(2). */
const setFlags = 2;
const closeOnExec = 1;
const setDumpable = 4;

/** What the supervisor (rootfs/usr/lib/nexora/supervisor) has given this process. */
export interface Supervised {
  /** Of the socket that listens on the runner's port; null when that is to be opened. */
  listener: number | null;
  /** All that no program may inherit. */
  descriptors: number[];
  /** How many runners have died before this one, and how the last one did. */
  endings: number;
  ending: string;
  /** Tells it that the port is served: the programs, which have stood still, go on. */
  isUp(): void;
}

/** Null in a process that no supervisor has started. */
export function supervised(env: Record<string, string | undefined>): Supervised | null {
  const [listener, up] = [Number(env.NEXORA_LISTENER) || null, Number(env.NEXORA_UP)];
  if (!up) return null;
  const endings = Number(env.NEXORA_ENDINGS);
  const isUp = () => {
    writeSync(up, "1");
    closeSync(up);
  };
  const ending = env.NEXORA_ENDING ?? "";
  return { listener, descriptors: listener ? [listener, up] : [up], endings, ending, isUp };
}

/**
 * From now on no other process may trace this one, read its memory or take its descriptors: the
 * programs of a session run as the same user. No program inherits the `descriptors`.
 */
export function beUntouchable(descriptors: readonly number[]): void {
  const { i32, u64 } = FFIType;
  const libc = dlopen("libc.so.6", {
    prctl: { args: [i32, u64, u64, u64, u64], returns: i32 },
    fcntl: { args: [i32, i32, u64], returns: i32 },
  });
  libc.symbols.prctl(setDumpable, 0n, 0n, 0n, 0n);
  for (const each of descriptors) libc.symbols.fcntl(each, setFlags, BigInt(closeOnExec));
  libc.close();
}
