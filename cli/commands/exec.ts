import { constants } from "node:os";
import { runProcess } from "../../src/client/process.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { ProcessInput, ProcessResult } from "../../src/contract/process.ts";
import { exactDuration } from "../../src/duration.ts";
import { type Command, type Context, callOperation, clientOf, sessionOf } from "../context.ts";
import { isTerminal } from "../is-terminal.ts";
import { ProcessInputs } from "../process-input.ts";
import { enterRawMode, onResize, terminalSize } from "../terminal.ts";
import { usageError } from "../usage.ts";

/** Exit code of a command that was ended by its --timeout, as timeout(1) has it. */
const timedOutExit = 124;

/** Runs a command inside; its exit code is ours. */
export const command: Command = async (context) => {
  const { input, local } = context.invocation;
  if (input.detach) {
    if (local.interactive || input.tty)
      throw usageError("--detach cannot be combined with -i or -t");
    const reply = await callOperation(context, "exec");
    await context.output.result(reply, ({ pid }) => String(pid));
    return 0;
  }
  const result = input.tty ? await inTerminal(context) : await plain(context);
  if (result.timedOut) {
    const given = exactDuration(Number(input.timeoutMs));
    await context.output.note(`timed out and killed after ${given}`);
    return timedOutExit;
  }
  return result.exitCode ?? 128 + signalNumber(result.signal);
};

/** Number of a signal by its name (`SIGKILL`: 9), 0 when unknown. */
function signalNumber(name: string | null): number {
  const numbers: Record<string, number> = constants.signals;
  return numbers[name ?? ""] ?? 0;
}

async function plain(context: Context): Promise<ProcessResult> {
  if (!context.invocation.local.interactive) return run(context, {}, null);
  const inputs = new ProcessInputs();
  void forward(Bun.stdin.stream(), inputs);
  return run(context, {}, inputs.items);
}

async function inTerminal(context: Context): Promise<ProcessResult> {
  const hasTerminal = isTerminal(0);
  const term = context.env.TERM ?? "xterm-256color";
  const fields = { tty: { ...terminalSize(), term } };
  if (!hasTerminal && !context.invocation.local.interactive) return run(context, fields, null);
  const inputs = new ProcessInputs();
  const resize = () => inputs.send({ type: "resize", ...terminalSize() });
  const stopResize = onResize(resize);
  const restore = hasTerminal ? enterRawMode() : () => {};
  void forward(process.stdin, inputs);
  try {
    return await run(context, fields, inputs.items);
  } finally {
    restore();
    stopResize();
  }
}

async function forward(source: AsyncIterable<Uint8Array>, inputs: ProcessInputs): Promise<void> {
  for await (const chunk of source) await inputs.write(chunk);
  inputs.end();
}

/** Passes output on as it comes, until the command's end. */
async function run(
  context: Context,
  more: object,
  source: ReadableStream<ProcessInput> | null,
): Promise<ProcessResult> {
  const fields = { ...context.invocation.input, ...more, session: sessionOf(context) };
  const output = context.output.process();
  let pid: number | null = null;
  for await (const item of runProcess(clientOf(context), "exec", fields, source, context.signal)) {
    if (item.type === "stdout") await output.stdout(item.bytes);
    else if (item.type === "stderr") await output.stderr(item.bytes);
    else if (item.type === "started") pid = item.pid;
    else {
      const { type: _, ...result } = item;
      await output.end({ ...result, pid });
      return result;
    }
  }
  throw new NexoraError("unexpected", "the stream ended without the command's result");
}
