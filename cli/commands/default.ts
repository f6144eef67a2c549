import { type Command, callOperation } from "../context.ts";
import { describe } from "../output/describe.ts";

/** Sends the verb's operation and prints what it gives. */
export const command: Command = async (context) => {
  const { operation, id } = context.invocation.verb;
  if (operation === null) throw new TypeError(`${id} has no operation`);
  const data = await callOperation(context, operation);
  await context.output.result(data, (it) => describe(operation, it));
};
