import { type Command, callOperation } from "../context.ts";
import { describe } from "../output/describe.ts";
import { readSecret } from "../secret-input.ts";

/** Keeps or replaces a key, which is no argument: it would be in the shell's history. */
export const command: Command = async (context) => {
  const { verb, input } = context.invocation;
  const id = verb.id === "keys.rotate" ? "keys.rotate" : "keys.set";
  const key = await readSecret(context, { message: `the key of ${input.provider}` });
  await context.output.result(await callOperation(context, id, { key }), (it) => describe(id, it));
};
