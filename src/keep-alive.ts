import { dlopen, FFIType, type Pointer, ptr } from "bun:ffi";
import { readdirSync, readlinkSync } from "node:fs";

/** How long a connection may be quiet before the other side's kernel is asked, in seconds. */
const idleSeconds = 30;
/** How often it is asked again, in seconds, and how many questions may go without an answer. */
const intervalSeconds = 10;
const probes = 6;

/** Linux's numbers: socket(7), tcp(7). */
const socketLevel = 1;
const keepAlive = 9;
const acceptsConnections = 30;
const tcpLevel = 6;
const tcpOptions = [
  [4, idleSeconds],
  [5, intervalSeconds],
  [6, probes],
] as const;
/** Since Linux 6.15; the longest pause before what was not confirmed is sent again, in milliseconds. */
const longestPause = [44, 10_000] as const;

/**
 * Lets the kernel find out which TCP clients have vanished without closing (RFC 9293, section 3.8.4):
 * one whose kernel answers may be quiet for ever, one that answers no longer is cut off after 90 s, or,
 * when something was on its way to it, after two minutes (before Linux 6.15: a quarter of an hour).
 * Acts on what this process listens on now, whose options Linux hands down to what it accepts from
 * then on; Bun.serve has no such option. Unix sockets need none: their end is always told.
 */
export function keepClientsAlive(): void {
  const { i32, u32, ptr: pointer } = FFIType;
  const libc = dlopen("libc.so.6", {
    setsockopt: { args: [i32, i32, i32, pointer, u32], returns: i32 },
    getsockopt: { args: [i32, i32, i32, pointer, pointer], returns: i32 },
  });
  const { getsockopt, setsockopt } = libc.symbols;
  const value = new Int32Array(1);
  const at: Pointer = ptr(value);
  const set = (file: number, level: number, option: number, to: number) => {
    value[0] = to;
    return setsockopt(file, level, option, at, 4) === 0;
  };
  const listens = (file: number) => {
    value[0] = 0;
    getsockopt(file, socketLevel, acceptsConnections, at, new Uint32Array([4]));
    return value[0] === 1;
  };
  try {
    for (const file of openSockets()) {
      if (!listens(file)) continue;
      // What is not TCP does not know the rest.
      const isTcp = tcpOptions.every(([option, to]) => set(file, tcpLevel, option, to));
      if (!isTcp) continue;
      set(file, socketLevel, keepAlive, 1);
      set(file, tcpLevel, ...longestPause);
    }
  } finally {
    libc.close();
  }
}

/** This process's file descriptors that are sockets. */
export function openSockets(): number[] {
  return readdirSync("/proc/self/fd")
    .filter((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`).startsWith("socket:");
      } catch {
        return false; // The folder's own, which is closed by now.
      }
    })
    .map(Number);
}
