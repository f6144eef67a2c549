import { type Command, callOperation } from "../context.ts";
import { describeAction } from "../output/input-reply.ts";
import { takes } from "../takes.ts";
import { thenScreenOf } from "../then-screen.ts";

/** Any verb that acts, then waits and looks as asked. */
export const command: Command = async (context) => {
  const { verb } = context.invocation;
  if (!takes(verb, "thenScreen")) throw new TypeError(`${verb.id} does not act`);
  const thenScreen = thenScreenOf(context.invocation);
  const reply = await callOperation(context, verb.operation, { thenScreen });
  await describeAction(context, reply);
};
