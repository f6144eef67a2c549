import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import {
  encodeFrames,
  encodeJsonFrame,
  type Frame,
  frameJson,
  framesContentType,
  frameType,
  readFrames,
} from "../../src/frames.ts";
import type { RunnerExecResult, RunnerExecSpec } from "../../src/runner/protocol.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { Activity } from "../sessions/activity.ts";
import { OutputBuffer } from "./output-buffer.ts";

/** Most bytes of each output that a JSON reply carries; streams have no limit. */
const maxCollected = 64 * 1024 * 1024;

/** Runs commands in workstations through their runners. */
export class Exec {
  constructor(
    private readonly runner: Pick<RunnerClient, "fetch">,
    private readonly activity: Pick<Activity, "during">,
  ) {}

  /** Runs to the end and collects the output. Aborting `signal` kills the command's process group. */
  async run(
    session: string,
    spec: RunnerExecSpec,
    stdin: Uint8Array,
    signal: AbortSignal,
  ): Promise<ExecOutput> {
    const stdout = new OutputBuffer(maxCollected);
    const stderr = new OutputBuffer(maxCollected);
    let pid = 0;
    for await (const frame of this.frames(session, spec, stdin, signal)) {
      if (frame.type === frameType.stdout) stdout.add(frame.payload);
      else if (frame.type === frameType.stderr) stderr.add(frame.payload);
      else if (frame.type === frameType.started) pid = (frameJson(frame) as { pid: number }).pid;
      else if (frame.type === frameType.result) {
        const result = frameJson(frame) as RunnerExecResult;
        const [out, err] = [stdout.text(), stderr.text()];
        return {
          stdout: out.text,
          stderr: err.text,
          stdoutEncoding: out.encoding,
          stderrEncoding: err.encoding,
          truncated: stdout.truncated || stderr.truncated,
          ...result,
          pid,
        };
      }
    }
    throw endedEarly();
  }

  /** The frames of a command's life, ending with its `result`. Throws the runner's own error. */
  async *frames(
    session: string,
    spec: RunnerExecSpec,
    stdin: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<Frame> {
    const body = Buffer.concat([
      encodeJsonFrame(frameType.spec, spec),
      ...encodeFrames(frameType.stdin, stdin),
    ]);
    const reply = await this.stream(session, "/runner/exec", body, signal);
    try {
      for await (const frame of readFrames(reply)) {
        if (frame.type === frameType.error) throw NexoraError.fromJSON(frameJson(frame));
        yield frame;
        if (frame.type === frameType.result) return;
      }
    } catch (error) {
      if (signal.aborted) throw asNexoraError(signal.reason);
      throw error instanceof NexoraError ? error : endedEarly(error);
    }
    throw endedEarly();
  }

  /**
   * Passes a stream of frames on to the runner and its reply back, byte for byte; the session
   * counts as used while the reply is read.
   */
  async stream(
    session: string,
    path: "/runner/exec" | "/runner/attach",
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const init: RequestInit = {
      method: "POST",
      body,
      headers: { "content-type": framesContentType },
    };
    const reply = await this.runner.fetch(session, path, init, signal);
    if (!reply.body) throw endedEarly();
    return this.activity.during(session, reply.body);
  }
}

function endedEarly(cause?: unknown): NexoraError {
  return new NexoraError("engine_failed", "the workstation ended before the command did", {
    hint: "see `nexora session show` and `nexora session logs`",
    cause,
  });
}
