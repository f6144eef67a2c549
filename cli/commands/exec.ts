import type { Client, RequestBody, RequestOptions } from "../../src/client/client.ts";
import { requestOf } from "../../src/client/route.ts";
import { routeOf } from "../../src/client/routes.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import {
  encodeJsonFrame,
  frameJson,
  framesContentType,
  frameType,
  readFrames,
} from "../../src/frames.ts";
import { type Command, type Context, callOperation, clientOf, sessionOf } from "../context.ts";
import { FrameStream } from "../frame-stream.ts";
import { isTerminal } from "../is-terminal.ts";
import type { ProcessOutput, ProcessResult } from "../output/output.ts";
import { formatDuration } from "../output/units.ts";
import { signalNumber } from "../signal-number.ts";
import { enterRawMode, onResize, terminalSize } from "../terminal.ts";
import { usageError } from "../usage.ts";

/** Exit code of a command that was ended by its --timeout, as timeout(1) has it. */
const timedOutExit = 124;

/** Runs a command inside; its exit code is ours. */
export const command: Command = async (context) => {
  const { input, local } = context.invocation;
  if (input.detach) {
    if (local.interactive || input.tty) throw usageError("--detach goes with neither -i nor -t");
    const reply = (await callOperation(context)) as { pid: number };
    await context.output.result(reply, ({ pid }) => String(pid));
    return 0;
  }
  const result = input.tty ? await inTerminal(context) : await plain(context);
  if (result.timedOut) {
    await context.output.note(`killed by its time-out, after ${formatDuration(result.durationMs)}`);
    return timedOutExit;
  }
  return result.exitCode ?? 128 + signalNumber(result.signal);
};

async function plain(context: Context): Promise<ProcessResult> {
  const { input, local } = context.invocation;
  if (!local.interactive) return run(context, () => encodeJsonFrame(frameType.spec, input));
  const stream = new FrameStream(input);
  void forward(Bun.stdin.stream(), stream);
  return run(context, () => stream.body);
}

async function inTerminal(context: Context): Promise<ProcessResult> {
  const { input, local } = context.invocation;
  const hasTerminal = isTerminal(0);
  const term = context.env.TERM ?? "xterm-256color";
  const stream = new FrameStream({ ...input, tty: { ...terminalSize(), term } });
  if (!hasTerminal && !local.interactive) return run(context, () => stream.body);
  const resize = () => stream.json(frameType.resize, terminalSize());
  const stopResize = onResize(resize);
  const restore = hasTerminal ? enterRawMode() : () => {};
  void forward(process.stdin, stream);
  try {
    return await run(context, () => stream.body);
  } finally {
    restore();
    stopResize();
  }
}

async function forward(source: AsyncIterable<Uint8Array>, stream: FrameStream): Promise<void> {
  for await (const chunk of source) await stream.write(frameType.stdin, chunk);
  stream.end();
}

async function run(context: Context, body: () => RequestBody): Promise<ProcessResult> {
  const client: Client = clientOf(context);
  const { target } = requestOf(routeOf("exec"), { session: sessionOf(context) }, true);
  const options: RequestOptions = {
    method: "POST",
    headers: { "content-type": framesContentType, accept: framesContentType },
    body,
    signal: context.signal,
  };
  const reply = await client.fetch(target, options);
  if (!reply.body) throw new NexoraError("unexpected", "the daemon's reply to exec has no body");
  return relay(reply.body, context.output.process());
}

/** Passes output on as it comes, until the command's end. */
async function relay(
  body: AsyncIterable<Uint8Array>,
  output: ProcessOutput,
): Promise<ProcessResult> {
  let pid: number | null = null;
  for await (const frame of readFrames(body)) {
    if (frame.type === frameType.stdout) await output.stdout(frame.payload);
    else if (frame.type === frameType.stderr) await output.stderr(frame.payload);
    else if (frame.type === frameType.started) pid = (frameJson(frame) as { pid: number }).pid;
    else if (frame.type === frameType.error) throw NexoraError.fromJSON(frameJson(frame));
    else if (frame.type === frameType.result) {
      const result = frameJson(frame) as ProcessResult;
      await output.end({ ...result, pid });
      return result;
    }
  }
  throw new NexoraError("engine_failed", "the connection ended before the command did", {
    hint: "see `nexora session show` and `nexora daemon logs`",
  });
}
