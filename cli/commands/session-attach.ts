import { runProcess } from "../../src/client/process.ts";
import { type Command, clientOf, sessionOf } from "../context.ts";
import { isTerminal } from "../is-terminal.ts";
import { ProcessInputs } from "../process-input.ts";
import { enterRawMode } from "../terminal.ts";
import { usageError } from "../usage.ts";

/** ctrl+], as in telnet and virsh. */
const detachKey = 0x1d;

/** Shows the visible terminal here and passes keys on, until ctrl+] or its end. */
export const command: Command = async (context) => {
  const { output, streams } = context;
  if (!isTerminal(0) || !streams.stdout.isTerminal) {
    throw usageError(
      "session attach needs a terminal for its input and output",
      "in scripts, use `nexora type`, `nexora key` and `nexora screen`",
    );
  }
  const inputs = new ProcessInputs();
  const detach = new AbortController();
  const signal = AbortSignal.any([context.signal, detach.signal]);
  const fields = { session: sessionOf(context) };
  const shown = runProcess(clientOf(context), "session.attach", fields, inputs.items, signal);
  let restore = () => {};
  try {
    const first = await shown.next();
    await output.note("attached; ctrl+] detaches");
    restore = enterRawMode();
    void passKeys(inputs, () => detach.abort());
    if (!first.done && "bytes" in first.value) await output.bytes(first.value.bytes);
    for await (const item of shown) if ("bytes" in item) await output.bytes(item.bytes);
  } catch (error) {
    if (!detach.signal.aborted) throw error;
  } finally {
    restore();
  }
  await output.note("\ndetached; the session keeps running");
};

async function passKeys(inputs: ProcessInputs, detach: () => void): Promise<void> {
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    const at = chunk.indexOf(detachKey);
    await inputs.write(at < 0 ? chunk : chunk.subarray(0, at));
    if (at >= 0) return detach();
  }
  detach();
}
