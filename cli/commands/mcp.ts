import type { OperationId } from "../../src/contract/index.ts";
import { type Command, clientOf } from "../context.ts";
import { chosenSession } from "../session.ts";

/** Gives an agent the verbs as tools, on standard input and output, until it closes them. */
export const command: Command = async (context) => {
  const { invocation, env, folder, signal } = context;
  const chosen = chosenSession(invocation.globals.session, env, folder);
  const client = clientOf(context);
  await context.serveMcp(
    {
      tools: invocation.input.tools === "all" ? "all" : "usual",
      session: chosen === "@" ? null : chosen,
      call: ({ id }, fields, cancelled) =>
        client.request(id as OperationId, fields, AbortSignal.any([cancelled, signal])),
    },
    signal,
  );
};
