import { type Command, callOperation } from "../context.ts";
import { readEscapes } from "../escapes.ts";
import { describeAction } from "../output/input-reply.ts";
import { textFromInput } from "../text-input.ts";
import { thenScreenOf } from "../then-screen.ts";

/** Longest text that the API takes, in characters. */
const maxText = 1_000_000;

/** Types an argument (with escapes, unless --literal) or standard input. */
export const command: Command = async (context) => {
  const { input, local } = context.invocation;
  const argument = String(input.text);
  const text =
    argument === "-"
      ? await textFromInput(maxText, "to copy files in, use `nexora cp`")
      : local.literal
        ? argument
        : readEscapes(argument);
  const thenScreen = thenScreenOf(context.invocation);
  await describeAction(context, await callOperation(context, "type", { text, thenScreen }));
};
