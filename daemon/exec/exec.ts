import { after } from "../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { ProcessInput, ProcessOutput } from "../../src/contract/process.ts";
import {
  encodeFrames,
  encodeJsonFrame,
  framesContentType,
  frameType,
  maxFramePayload,
  outputItem,
  readFrames,
  requestFrames,
} from "../../src/frames.ts";
import type { RunnerExecSpec } from "../../src/runner/exec.ts";
import type { RunnerClient } from "../runner/client.ts";
import { foreign } from "../runner/reply.ts";
import { OutputBuffer } from "./output-buffer.ts";

/** Most bytes of each output that a JSON reply carries; streams have no limit. */
const maxCollected = 64 * 1024 * 1024;

type Bytes = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** The first frame of a request. Throws `usage` when it is longer than a frame may be. */
function specFrame(spec: RunnerExecSpec): Uint8Array {
  const frame = encodeJsonFrame(frameType.spec, spec);
  if (frame.length <= maxFramePayload) return frame;
  throw new NexoraError("usage", "the command and its environment are longer than 1 MiB", {
    hint: "send what is long on standard input, or as a file",
  });
}

/** Runs commands in workstations through their runners. Aborting a signal ends the command. */
export class Exec {
  constructor(private readonly runner: Pick<RunnerClient, "fetch">) {}

  /** Runs to the end and collects the output. */
  async run(
    session: string,
    spec: RunnerExecSpec,
    stdin: Uint8Array,
    signal: AbortSignal,
  ): Promise<ExecOutput> {
    const stdout = new OutputBuffer(maxCollected);
    const stderr = new OutputBuffer(maxCollected);
    let pid = 0;
    const body = Buffer.concat([specFrame(spec), ...encodeFrames(frameType.stdin, stdin)]);
    for await (const item of await this.open(session, "/runner/exec", body, signal, spec)) {
      if (item.type === "stdout") stdout.add(item.bytes);
      else if (item.type === "stderr") stderr.add(item.bytes);
      else if (item.type === "started") pid = item.pid;
      else {
        const { type: _, ...result } = item;
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

  /** Starts a command with all that `input` gives; resolves once the runner has taken it. */
  stream(
    session: string,
    spec: RunnerExecSpec,
    input: ReadableStream<ProcessInput>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ProcessOutput>> {
    return this.open(session, "/runner/exec", requestFrames(spec, input), signal, spec);
  }

  /** Shows the visible terminal and passes input on to it, until either side ends. */
  attach(
    session: string,
    input: ReadableStream<ProcessInput>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ProcessOutput>> {
    return this.open(session, "/runner/attach", requestFrames({}, input), signal);
  }

  private async open(
    session: string,
    path: "/runner/exec" | "/runner/attach",
    body: Bytes,
    signal: AbortSignal,
    { timeoutMs }: { timeoutMs?: number | null | undefined } = {},
  ): Promise<AsyncIterable<ProcessOutput>> {
    const limit = timeoutMs == null ? null : new Limit(timeoutMs);
    const ends = limit ? AbortSignal.any([signal, limit.signal]) : signal;
    const init = { method: "POST", body, headers: { "content-type": framesContentType } };
    try {
      const reply = await this.runner.fetch(session, path, init, ends);
      return outputOf(reply.body ?? [], ends, limit);
    } catch (error) {
      limit?.[Symbol.dispose]();
      throw error;
    }
  }
}

/** How much longer than a command's own limit its end may take, in milliseconds. */
const graceMs = 5000;

/** The runner ends a command that is late. This is for when the runner itself does not run. */
class Limit implements Disposable {
  private readonly late = new AbortController();
  readonly signal = this.late.signal;
  private readonly cancel: () => void;

  constructor(ms: number) {
    this.cancel = after(ms + graceMs, () => {
      const why = `the workstation has not answered for ${graceMs / 1000} s after the command's time was over`;
      this.late.abort(
        new NexoraError("timeout", why, {
          hint: "see `nexora session show`: is it paused, or out of memory?",
        }),
      );
    });
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

/** What a command writes, ending with its `result`. Throws the runner's own error. */
async function* outputOf(
  reply: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal,
  limit: Limit | null,
): AsyncGenerator<ProcessOutput> {
  using _limit = limit;
  try {
    for await (const frame of readFrames(reply)) {
      const item = outputItem(frame);
      if (item) yield item;
      if (item?.type === "result") return;
    }
  } catch (error) {
    if (signal.aborted) throw asNexoraError(signal.reason);
    throw error instanceof NexoraError ? foreign(error) : endedEarly(error);
  }
  throw endedEarly();
}

function endedEarly(cause?: unknown): NexoraError {
  return new NexoraError(
    "engine_failed",
    "the connection to the workstation was lost before the command finished",
    {
      hint: "see `nexora session show`: the workstation may have stopped",
      cause,
    },
  );
}
