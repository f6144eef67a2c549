import { errorTable } from "../../src/contract/errors.ts";
import { checksText } from "../../src/words/checks.ts";
import { type Command, callOperation } from "../context.ts";

/** Exit codes of the answers; those of a list that such a check has stopped. */
const exits = { yes: 0, no: errorTable.check_failed.exit, unknown: errorTable.check_unknown.exit };

/** Checks how things are: the exit code is the answer. */
export const command: Command = async (context) => {
  const reply = await callOperation(context, "expect");
  await context.output.result(reply, checksText);
  return exits[reply.answer];
};
