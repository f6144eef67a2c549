import { type Command, callOperation } from "../context.ts";
import { readEscapes } from "../escapes.ts";
import { describeAction } from "../output/input-reply.ts";
import { thenScreenOf } from "../then-screen.ts";
import { usageError } from "../usage.ts";

/** Longest text that the API takes, in characters. */
const maxText = 1_000_000;
const copyHint = "to copy files in, use `nexora cp`";

/** Types an argument (with escapes, unless --literal) or standard input. */
export const command: Command = async (context) => {
  const { input, local } = context.invocation;
  const argument = String(input.text);
  const text =
    argument === "-" ? await standardInput() : local.literal ? argument : readEscapes(argument);
  const thenScreen = thenScreenOf(context.invocation);
  await describeAction(context, await callOperation(context, "type", { text, thenScreen }));
};

async function standardInput(): Promise<string> {
  const bytes = await readAtMost(Bun.stdin.stream(), maxText * 4);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError("standard input is not UTF-8 text", copyHint);
  }
  if (text.length > maxText) throw tooLong();
  return text;
}

async function readAtMost(source: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > limit) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLong() {
  return usageError(`standard input is longer than ${maxText} characters`, copyHint);
}
