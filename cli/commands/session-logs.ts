import { requestOf } from "../../src/client/route.ts";
import { routeOf } from "../../src/client/routes.ts";
import { readLines } from "../../src/lines.ts";
import { type Command, clientOf, sessionOf } from "../context.ts";
import { printable } from "../output/units.ts";

/** Prints what the workstation's programs wrote, line by line. */
export const command: Command = async (context) => {
  const input = { ...context.invocation.input, session: sessionOf(context) };
  const { target } = requestOf(routeOf("session.logs"), input);
  const reply = await clientOf(context).fetch(target, { signal: context.signal });
  if (!reply.body) return;
  for await (const line of readLines(reply.body as AsyncIterable<Uint8Array>)) {
    await context.output.item({ line }, (it) => `${printable(it.line)}\n`);
  }
};
