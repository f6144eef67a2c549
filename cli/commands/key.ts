import { type Command, callOperation } from "../context.ts";
import { describeAction } from "../output/input-reply.ts";
import { thenScreenOf } from "../then-screen.ts";

/** Presses keys; the daemon knows their names. */
export const command: Command = async (context) => {
  const thenScreen = thenScreenOf(context.invocation);
  await describeAction(context, await callOperation(context, "key", { thenScreen }));
};
