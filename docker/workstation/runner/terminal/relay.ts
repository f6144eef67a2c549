import { openSync, writeSync } from "node:fs";
import { encodeFrames, encodeJsonFrame, frameType } from "../../../../src/frames.ts";
import { libc } from "./libc.ts";

/** Where the runner waits for relays. */
export const relaySocket = "/run/nexora/terminal.sock";

/** Standard input. */
const keyboard = 0;
/** ioctl_tty(2): the size of a terminal, as rows, columns and two of pixels. */
const TIOCGWINSZ = 0x5413;
/** tcsetattr(3): the change takes effect immediately. */
const TCSANOW = 0;

/** The relay's first frame. */
export interface RelayHello {
  /** Terminal to show again; null for a new one. */
  terminal: string | null;
  /** X window of the xterm around; null outside of one. */
  window: number | null;
  /** What runs in a new one, null: the shell of the workstation; none: the user's shell. */
  command: string[] | null;
  /** Where it runs, and its environment: those of whoever has opened the window. */
  cwd: string;
  env: Record<string, string>;
  columns: number;
  rows: number;
}

/**
 * Connects the terminal that this process runs in with one of the runner's (`relay t1`), or with a new
 * one, in which a command runs (`relay -- CMD…`) or the user's shell: keystrokes and sizes
 * as frames to the runner, raw output back. Ends when either side does.
 */
export async function relay(): Promise<void> {
  if (!makeRaw(keyboard)) {
    console.error(
      "nexora relay: run it in a terminal, as in `xterm -e /usr/lib/nexora/runner relay`",
    );
    process.exit(2);
  }
  // Opened anew because standard input's own description may be non-blocking. A blocking write is
  // the flow control: while xterm is busy, nothing more is taken from the runner.
  const screen = openSync("/dev/tty", "w");
  const waiting: Uint8Array[] = [];
  let sent = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    unix: relaySocket,
    socket: {
      data: (_, bytes) => writeFully(screen, bytes),
      drain: () => flush(),
      close: () => process.exit(0),
      error: () => process.exit(1),
    },
  });
  const flush = () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      const taken = Math.max(0, socket.write(next));
      if (taken < next.length) {
        waiting[0] = next.subarray(taken);
        return;
      }
      waiting.shift();
    }
    sent.resolve();
    sent = Promise.withResolvers<void>();
  };
  /** Resolves when the runner has taken all of it. */
  const send = (...frames: Uint8Array[]): Promise<void> => {
    const { promise } = sent;
    waiting.push(...frames);
    if (waiting.length === frames.length) flush();
    return promise;
  };
  const window = Number(process.env.WINDOWID);
  const [, , , terminal = "--", ...command] = process.argv;
  const hello: RelayHello = {
    terminal: terminal === "--" ? null : terminal,
    window: Number.isInteger(window) && window > 0 ? window : null,
    command: terminal === "--" ? command : null,
    cwd: process.cwd(),
    env: ownEnvironment(),
    ...sizeOf(keyboard),
  };
  void send(encodeJsonFrame(frameType.spec, hello));
  process.on("SIGWINCH", () => void send(encodeJsonFrame(frameType.resize, sizeOf(keyboard))));
  // Read by pulling, so that keys for a program that does not read wait in xterm.
  for await (const bytes of Bun.stdin.stream()) await send(...encodeFrames(frameType.stdin, bytes));
  process.exit(0);
}

/** Without the settings of this program's JavaScript engine (see the Dockerfile). */
function ownEnvironment(): Record<string, string> {
  const all = Object.entries(process.env).filter(([name]) => !name.startsWith("BUN_JSC_"));
  return Object.fromEntries(all) as Record<string, string>;
}

/**
 * Makes a terminal pass on all bytes as they are, both ways; whether it is one. By hand, because
 * node:tty takes as long to load as the rest of the relay, and leaves LF → CR LF on.
 */
function makeRaw(descriptor: number): boolean {
  const mode = new Uint8Array(256); // More than any C library's struct termios.
  if (libc.tcgetattr(descriptor, mode) !== 0) return false;
  libc.cfmakeraw(mode);
  return libc.tcsetattr(descriptor, TCSANOW, mode) === 0;
}

function sizeOf(descriptor: number): { columns: number; rows: number } {
  const size = new Uint16Array(4);
  libc.ioctl(descriptor, TIOCGWINSZ, size);
  const [rows = 0, columns = 0] = size;
  return { columns, rows };
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
