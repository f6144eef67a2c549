import { itemsOf } from "../../src/client/streams.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { type Command, clientOf, fieldsOf } from "../context.ts";

/** Prints a line with each change of the screen, until the user has seen enough. */
export const command: Command = async (context) => {
  const { output, signal } = context;
  for await (const change of itemsOf(clientOf(context), "watch", fieldsOf(context), signal)) {
    await output.item(change, ({ time, rev }) => `${time}  ${rev}`);
  }
  signal.throwIfAborted();
  throw new NexoraError("daemon_unreachable", "the daemon closed the stream", {
    hint: "watch again with `nexora watch`",
  });
};
