import { encodeFrames, type Frame, frameJson, frameType } from "../../../../src/frames.ts";
import { parseSize } from "../terminal/hello.ts";
import { Pty } from "../terminal/pty.ts";
import type { Execution } from "./execution.ts";
import { signalGroup } from "./group.ts";
import type { OutputStream } from "./output.ts";
import { type ExecSpec, parseSignal } from "./spec.ts";
import { StartFailure } from "./start-failure.ts";

/** How long the terminal may stay silent after the program's end while others hold it. */
const silenceMs = 50;
/** Output that waits for the client; above it the program is held back. */
const highWater = 256 * 1024;

/** Starts a program on a terminal of its own; all its output is standard output. */
export function startTty(
  spec: ExecSpec,
  size: { columns: number; rows: number },
  output: OutputStream,
): Execution {
  const { promise: silent, resolve: onSilence } = Promise.withResolvers<void>();
  let silence: ReturnType<typeof setTimeout> | null = null;
  const onData = (bytes: Uint8Array) => {
    for (const frame of encodeFrames(frameType.stdout, bytes)) output.push(frame);
    pty.suspendOutput(output.backlog > highWater);
    silence?.refresh();
  };
  const pty = start(spec, size, onData);
  output.onRelief = () => pty.suspendOutput(output.backlog > highWater);
  return {
    pid: pty.pid,
    ended: pty.exited.then(async (exit) => {
      silence = setTimeout(onSilence, silenceMs);
      await Promise.race([pty.outputEnded, silent]);
      clearTimeout(silence);
      pty.close();
      return exit;
    }),
    async input(frame: Frame) {
      if (frame.type === frameType.stdin) await pty.write(frame.payload);
      if (frame.type === frameType.signal) signalGroup(pty.pid, parseSignal(frameJson(frame)));
      if (frame.type === frameType.resize) {
        const { columns, rows } = parseSize(frameJson(frame));
        pty.resize(columns, rows);
      }
    },
    // A terminal has no end of input: the client that has none left may still watch.
    inputEnded: () => {},
  };
}

function start(
  spec: ExecSpec,
  size: { columns: number; rows: number },
  onData: (bytes: Uint8Array) => void,
): Pty {
  try {
    return new Pty({ command: spec.argv, cwd: spec.cwd, env: spec.env, ...size, onData });
  } catch (error) {
    throw new StartFailure(spec.argv[0], error);
  }
}
