import { type Command, callOperation } from "../context.ts";
import { describe } from "../output/describe.ts";

/** Sends the verb's operation and prints what it gives. */
export const command: Command = async (context) => {
  const data = await callOperation(context);
  await context.output.result(data, (it) => describe(context.invocation.verb.id, it));
};
