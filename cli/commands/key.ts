import { readCondition } from "../conditions.ts";
import { type Command, callOperation } from "../context.ts";
import { describeInput, type InputReply } from "../output/input-reply.ts";

/** Presses keys; the daemon knows their names. */
export const command: Command = async (context) => {
  const { local } = context.invocation;
  const wait = typeof local.wait === "string" ? readCondition(local.wait) : undefined;
  const reply = (await callOperation(context, { wait })) as InputReply;
  await describeInput(context.output, reply);
};
