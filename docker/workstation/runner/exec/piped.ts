import { encodeFrames, type FrameType, frameJson, frameType } from "../../../../src/frames.ts";
import { type Execution, exitOf } from "./execution.ts";
import { signalGroup } from "./group.ts";
import { yieldingMemory } from "./oom.ts";
import type { OutputStream } from "./output.ts";
import { type ExecSpec, parseSignal } from "./spec.ts";
import { StartFailure } from "./start-failure.ts";

/** How long output may stay silent after the program's end while others hold its pipes. */
const silenceMs = 50;

/** Starts a program on three pipes, in its own process group. */
export function startPiped(spec: ExecSpec, output: OutputStream): Execution {
  const child = spawn(spec);
  const stdout = forward(child.stdout, frameType.stdout, output);
  const stderr = forward(child.stderr, frameType.stderr, output);
  return {
    pid: child.pid,
    ended: child.exited.then(async () => {
      await Promise.all([stdout.ended(), stderr.ended()]);
      return exitOf(child);
    }),
    async input(frame) {
      if (frame.type === frameType.signal)
        return signalGroup(child.pid, parseSignal(frameJson(frame)));
      if (frame.type !== frameType.stdin) return;
      try {
        child.stdin.write(frame.payload);
        await child.stdin.flush();
      } catch {
        // The program has closed its standard input: the rest has no reader.
      }
    },
    inputEnded: () => void Promise.resolve(child.stdin.end()).catch(() => {}),
  };
}

/** Starts a program that nobody follows; returns its pid. */
export function startDetached(spec: ExecSpec): number {
  try {
    const child = yieldingMemory(() =>
      Bun.spawn(spec.argv, {
        cwd: spec.cwd,
        env: spec.env,
        stdio: ["ignore", "ignore", "ignore"],
        detached: true,
      }),
    );
    child.unref();
    return child.pid;
  } catch (error) {
    throw new StartFailure(spec.argv[0], error);
  }
}

function spawn(spec: ExecSpec) {
  try {
    const child = yieldingMemory(() =>
      Bun.spawn(spec.argv, {
        cwd: spec.cwd,
        env: spec.env,
        stdin: "pipe",
        stdout: "pipe",
        stderr: "pipe",
        detached: true,
        // Without it, output that nobody has asked for yet is read without bound.
        lazy: true,
      }),
    );
    return child;
  } catch (error) {
    throw new StartFailure(spec.argv[0], error);
  }
}

/** Hands a pipe's bytes on as frames, as fast as the client takes them. */
function forward(
  pipe: ReadableStream<Uint8Array>,
  type: FrameType,
  output: OutputStream,
): { ended(): Promise<void> } {
  const reader = pipe.getReader();
  let chunks = 0;
  let sending = false;
  const pump = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      chunks++;
      sending = true;
      for (const frame of encodeFrames(type, value)) await output.write(frame);
      sending = false;
    }
  };
  const pumped = pump().catch(() => {});
  /** After the program's end: a background process that holds the pipe is not waited for. */
  const ended = async () => {
    let seen = -1;
    const watch = setInterval(() => {
      if (!sending && chunks === seen) void reader.cancel();
      seen = chunks;
    }, silenceMs);
    await pumped;
    clearInterval(watch);
  };
  return { ended };
}
