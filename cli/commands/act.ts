import type { AfterwardsOutput } from "../../src/contract/input.ts";
import { type Command, callOperation } from "../context.ts";
import { describeAction } from "../output/input-reply.ts";
import { thenScreenOf } from "../then-screen.ts";

/** Any verb that acts, then waits and looks as asked. */
export const command: Command = async (context) => {
  const { operation, id } = context.invocation.verb;
  if (operation === null) throw new TypeError(`${id} has no operation`);
  const thenScreen = thenScreenOf(context.invocation);
  const reply = await callOperation(context, operation, { thenScreen });
  await describeAction(context, reply as unknown as AfterwardsOutput);
};
