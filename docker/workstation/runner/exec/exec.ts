import { after } from "../../../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../../../src/contract/errors.ts";
import {
  encodeJsonFrame,
  type Frame,
  frameJson,
  framesContentType,
  frameType,
  readFrames,
} from "../../../../src/frames.ts";
import type { RunnerExecResult } from "../../../../src/runner/exec.ts";
import type { Execution } from "./execution.ts";
import { endSession } from "./group.ts";
import { OutputStream } from "./output.ts";
import { startDetached, startPiped } from "./piped.ts";
import { type ExecSpec, parseExecSpec } from "./spec.ts";
import { StartFailure } from "./start-failure.ts";
import { startTty } from "./tty.ts";

/**
 * Executes what the request's first frame asks for (src/frames.ts). All that it has started is
 * ended, in the same way, on time-out and when the client goes away.
 */
export async function exec(request: Request, env: Record<string, string>): Promise<Response> {
  if (!request.body) throw new NexoraError("usage", "an exec needs frames in its body");
  const started = performance.now();
  const frames = readFrames(request.body);
  const first = await frames.next();
  if (first.done || first.value.type !== frameType.spec) {
    throw new NexoraError("usage", "the first frame must be the spec");
  }
  const spec = parseExecSpec(frameJson(first.value), env);
  const output = new OutputStream(request.signal);
  const headers = { "content-type": framesContentType };
  void conduct(spec, frames, output, started);
  return new Response(output.body, { headers });
}

async function conduct(
  spec: ExecSpec,
  frames: AsyncGenerator<Frame>,
  output: OutputStream,
  started: number,
): Promise<void> {
  const result = (ending: Pick<RunnerExecResult, "exitCode" | "signal">, timedOut: boolean) => {
    const durationMs = performance.now() - started;
    output.push(encodeJsonFrame(frameType.result, { ...ending, timedOut, durationMs }));
  };
  try {
    if (spec.detach) {
      output.push(encodeJsonFrame(frameType.started, { pid: startDetached(spec) }));
      result({ exitCode: null, signal: null }, false);
      return;
    }
    const execution = spec.tty ? startTty(spec, spec.tty, output) : startPiped(spec, output);
    output.push(encodeJsonFrame(frameType.started, { pid: execution.pid }));
    let timedOut = false;
    let over: Promise<void> | null = null;
    // Once: to some programs a second SIGTERM means to hurry.
    const end = () => {
      over ??= endSession(execution.pid);
    };
    const late = () => {
      timedOut = true;
      end();
    };
    const cancel = spec.timeoutMs === null ? null : after(spec.timeoutMs, late);
    output.cancelled.addEventListener("abort", end);
    if (output.cancelled.aborted) end();
    void feed(frames, execution, end);
    const ending = await execution.ended;
    cancel?.();
    output.cancelled.removeEventListener("abort", end);
    await over;
    result(ending, timedOut);
  } catch (error) {
    if (error instanceof StartFailure) {
      output.push(encodeJsonFrame(frameType.started, { pid: 0 }));
      output.push(error.frame());
      result({ exitCode: error.exitCode, signal: null }, false);
    } else {
      output.push(encodeJsonFrame(frameType.error, asNexoraError(error)));
    }
  } finally {
    output.end();
    void frames.return(undefined).catch(() => {});
  }
}

/** Hands the client's frames to the program; a broken stream ends it like a lost client. */
async function feed(
  frames: AsyncGenerator<Frame>,
  execution: Execution,
  end: () => void,
): Promise<void> {
  try {
    for await (const frame of frames) await execution.input(frame);
    execution.inputEnded();
  } catch {
    end();
  }
}
