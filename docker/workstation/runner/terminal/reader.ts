import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { processes, readProcess, statFields } from "../proc.ts";

/**
 * How a thread sleeps until a terminal has input: in a read of it, or in a poll of nothing else
 * (`alone`), or in a poll of other files too (`among`), when it may as well work on those.
 */
export type Reading = "alone" | "among";

/** Most files that are looked at in one poll: select(2) cannot take more. */
const maxFiles = 1024;
/** Most threads of a process that are looked at. */
const maxThreads = 256;
/** Epoll descriptors in epoll descriptors; the kernel allows five. */
const maxNesting = 2;
/** Device of /dev/tty, which is each process's own terminal. */
const ownTerminal = 0x500;
/** POLLIN and EPOLLIN; POLLRDNORM and EPOLLRDNORM. */
const readable = 0x1 | 0x40;

/** Numbers of the system calls that wait (syscalls(2)), by architecture. */
const numbers: Partial<Record<string, Record<number, "read" | "poll" | "select" | "epoll">>> = {
  x64: {
    0: "read",
    19: "read",
    7: "poll",
    271: "poll",
    23: "select",
    270: "select",
    232: "epoll",
    281: "epoll",
    441: "epoll",
  },
  arm64: { 63: "read", 65: "read", 73: "poll", 72: "select", 22: "epoll", 441: "epoll" },
};

/** A process as it was seen. */
export interface Seen {
  /** A thread of it computes, or waits for a disk. */
  busy: boolean;
  reading: Reading | null;
  /** The kernel says what it waits for; not of another user's process. */
  known: boolean;
}

/**
 * What a process does about the terminal with this device number, as proc(5) tells those who may
 * trace it: `syscall` has the call that a thread sleeps in, `mem` and `fdinfo` what it polls.
 */
export function lookAt(pid: number, device: number): Seen {
  const seen: Seen = { busy: false, reading: null, known: isOurs(pid) };
  for (const thread of threads(pid)) {
    if (/^[RD]/.test(statFields(pid, thread)[0] ?? "")) seen.busy = true;
    const call = readProcess(pid, `task/${thread}/syscall`).trim();
    const reading = readingOf(pid, device, call);
    if (seen.reading !== "alone") seen.reading = reading ?? seen.reading;
  }
  return seen;
}

/** Whether a process may be looked into: those that may not belong to another user, or to root. */
function isOurs(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.getuid?.();
  } catch {
    // It has ended.
    return true;
  }
}

/** Whether a server of tmux or screen, which is in nobody's foreground, sleeps until it has input. */
export function multiplexerReads(device: number): boolean {
  return processes()
    .filter((pid) => /^(tmux|screen)/i.test(readProcess(pid, "comm")))
    .some((pid) => lookAt(pid, device).reading !== null);
}

function threads(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).slice(0, maxThreads).map(Number);
  } catch {
    return [];
  }
}

function readingOf(pid: number, device: number, call: string): Reading | null {
  const [number = -1, first = 0, second = 0] = call.split(" ").map(Number);
  const awaited = () => {
    switch (numbers[process.arch]?.[number]) {
      case "read":
        return [first];
      case "poll":
        return polled(pid, first, second);
      case "select":
        return selected(pid, first, second);
      case "epoll":
        return inEpoll(pid, first, maxNesting);
      default:
        return [];
    }
  };
  const files = awaited();
  if (!files.some((file) => isTerminal(pid, file, device))) return null;
  return files.every((file) => isTerminal(pid, file, device)) ? "alone" : "among";
}

/** An array of struct pollfd (poll(2)). */
function polled(pid: number, address: number, count: number): number[] {
  const length = 8;
  const memory = memoryOf(pid, address, Math.min(count, maxFiles) * length);
  const files: number[] = [];
  for (let at = 0; at + length <= memory.length; at += length) {
    if ((memory.readInt16LE(at + 4) & readable) !== 0) files.push(memory.readInt32LE(at));
  }
  return files;
}

/** A set of bits (select(2)). */
function selected(pid: number, count: number, address: number): number[] {
  const files = Math.min(count, maxFiles);
  const memory = memoryOf(pid, address, Math.ceil(files / 8));
  const bit = (file: number) => ((memory[file >> 3] ?? 0) >> (file & 7)) & 1;
  return Array.from({ length: files }, (_, file) => file).filter(bit);
}

/** The files of an epoll descriptor (proc_pid_fdinfo(5)). */
function inEpoll(pid: number, descriptor: number, nesting: number): number[] {
  const info = readProcess(pid, `fdinfo/${descriptor}`).slice(0, maxFiles * 128);
  const entries = [...info.matchAll(/^tfd:\s*(\d+)\s+events:\s*([0-9a-f]+)/gm)];
  return entries
    .filter(([, , events]) => (Number.parseInt(events ?? "0", 16) & readable) !== 0)
    .flatMap(([, file]) => {
      const inner = nesting > 0 ? inEpoll(pid, Number(file), nesting - 1) : [];
      return inner.length > 0 ? inner : [Number(file)];
    });
}

function isTerminal(pid: number, file: number, device: number): boolean {
  try {
    const { rdev } = statSync(`/proc/${pid}/fd/${file}`);
    return rdev === device || (rdev === ownTerminal && terminalOf(pid) === device);
  } catch {
    return false;
  }
}

/** Device number of the terminal that controls a process (tty_nr in proc_pid_stat(5)). */
export function terminalOf(pid: number): number {
  return Number(statFields(pid)[4] ?? 0);
}

function memoryOf(pid: number, address: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    const descriptor = openSync(`/proc/${pid}/mem`, "r");
    try {
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, address));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return bytes.subarray(0, 0);
  }
}
