import { changedText } from "../../src/words/page.ts";
import { type Command, callOperation } from "../context.ts";
import { takes } from "../takes.ts";

/** Any verb that acts on a page, and says what that has changed. */
export const command: Command = async (context) => {
  const { verb } = context.invocation;
  if (!takes(verb, "thenSnapshot")) throw new TypeError(`${verb.id} does not act on a page`);
  const reply = await callOperation(context, verb.operation);
  await context.output.result(reply, ({ changed }) => changedText(changed));
};
