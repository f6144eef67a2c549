import type { Client } from "../../src/client/client.ts";
import { itemsOf } from "../../src/client/streams.ts";
import type { OperationId } from "../../src/contract/index.ts";
import type { Call } from "../../src/mcp/options.ts";
import { type Command, clientOf } from "../context.ts";
import { chosenSession } from "../session.ts";

/** Gives an agent the verbs as tools, on standard input and output, until it closes them. */
export const command: Command = async (context) => {
  const { invocation, env, folder, signal } = context;
  const chosen = chosenSession(invocation.globals.session, env, folder);
  const either = (other: AbortSignal) => AbortSignal.any([other, signal]);
  const callBy =
    (client: Client): Call =>
    ({ id }, fields, cancelled) =>
      client.request(id as OperationId, fields, either(cancelled));
  const beside = clientOf(context, false);
  await context.serveMcp(
    {
      tools: invocation.input.tools === "all" ? "all" : "usual",
      session: chosen === "@" ? null : chosen,
      call: callBy(clientOf(context)),
      beside: {
        call: callBy(beside),
        follow: (id, fields, over) => itemsOf(beside, id, fields, either(over)),
      },
    },
    signal,
  );
};
