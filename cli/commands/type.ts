import { readCondition } from "../conditions.ts";
import { type Command, callOperation } from "../context.ts";
import { readEscapes } from "../escapes.ts";
import { describeInput, type InputReply } from "../output/input-reply.ts";
import { usageError } from "../usage.ts";

/** Longest text that the API takes, in characters. */
const maxText = 1_000_000;

/** Types an argument (with escapes, unless --literal) or standard input. */
export const command: Command = async (context) => {
  const { input, local } = context.invocation;
  const argument = String(input.text);
  const text =
    argument === "-" ? await standardInput() : local.literal ? argument : readEscapes(argument);
  const wait = typeof local.wait === "string" ? readCondition(local.wait) : undefined;
  const reply = (await callOperation(context, { text, wait })) as InputReply;
  await describeInput(context.output, reply);
};

async function standardInput(): Promise<string> {
  const bytes = await Bun.stdin.bytes();
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError("standard input is not UTF-8 text", "copy files in with `nexora cp`");
  }
  if (text.length <= maxText) return text;
  throw usageError(
    `standard input has ${text.length} characters, more than ${maxText}`,
    "copy files in with `nexora cp`",
  );
}
