import { dlopen, FFIType } from "bun:ffi";
import { closeSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { openSockets } from "../../../../src/keep-alive.ts";

/** Linux's numbers: epoll_ctl(2), open(2). */
const add = 1;
const closeOnExec = 0o2000000;
/** Size of struct epoll_event, and where its data begins: it is packed on x86 only. */
const [eventSize, dataAt] = process.arch === "x64" ? [12, 4] : [16, 8];

/**
 * Opens a server, and lets it accept from an inherited listening socket: puts that in the place of the
 * one that the server has opened, also in the event loop. Bun.serve itself takes no descriptor.
 */
export function onListener<T>(inherited: number, open: () => T): T {
  const before = openSockets();
  const server = open();
  const [own] = openSockets().filter((each) => !before.includes(each));
  if (own === undefined) throw new Error("the server has no socket");
  replace(own, inherited);
  return server;
}

function replace(own: number, inherited: number): void {
  const { i32, ptr } = FFIType;
  const libc = dlopen("libc.so.6", {
    dup3: { args: [i32, i32, i32], returns: i32 },
    epoll_ctl: { args: [i32, i32, i32, ptr], returns: i32 },
  });
  try {
    const { loop, events, data } = watchOf(own);
    // The kernel drops the old one from the loop: nobody else holds it.
    if (libc.symbols.dup3(inherited, own, closeOnExec) !== own) throw new Error("dup3 failed");
    const event = Buffer.alloc(eventSize);
    event.writeUInt32LE(events, 0);
    event.writeBigUInt64LE(data, dataAt);
    if (libc.symbols.epoll_ctl(loop, add, own, event) !== 0) throw new Error("epoll_ctl failed");
    closeSync(inherited);
  } finally {
    libc.close();
  }
}

/** How a descriptor is watched by this process's event loop, by proc_pid_fdinfo(5). */
function watchOf(descriptor: number): { loop: number; events: number; data: bigint } {
  const entry = new RegExp(`^tfd:\\s+${descriptor} events:\\s+(\\w+) data:\\s+(\\w+)`, "m");
  for (const name of readdirSync("/proc/self/fd")) {
    if (!isEventLoop(name)) continue;
    const found = entry.exec(readFileSync(`/proc/self/fdinfo/${name}`, "utf8"));
    if (!found) continue;
    const [, events, data] = found;
    return { loop: Number(name), events: Number(`0x${events}`), data: BigInt(`0x${data}`) };
  }
  throw new Error("the server's socket is in no event loop");
}

function isEventLoop(descriptor: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`) === "anon_inode:[eventpoll]";
  } catch {
    return false; // The folder's own, which is closed by now.
  }
}
