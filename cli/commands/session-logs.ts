import { linesOf } from "../../src/client/streams.ts";
import { type Command, clientOf, sessionOf } from "../context.ts";
import { printable } from "../output/units.ts";

/** Prints what the workstation's programs wrote, line by line. */
export const command: Command = async (context) => {
  const fields = { ...context.invocation.input, session: sessionOf(context) };
  for await (const line of linesOf(clientOf(context), "session.logs", fields, context.signal)) {
    await context.output.item({ line }, (it) => `${printable(it.line)}\n`);
  }
};
