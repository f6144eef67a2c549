import { itemsOf } from "../../src/client/streams.ts";
import type { NexoraEvent } from "../../src/contract/events.ts";
import { type Command, callOperation, clientOf } from "../context.ts";
import { follow } from "../follow.ts";
import { table } from "../output/table.ts";
import { printable } from "../output/units.ts";

/** Columns of fixed width for what comes, because it is not known yet. */
const widths = [6, 24, 15, 16, 0];

/** Prints what happened, and with `--follow` what comes, one event a line. */
export const command: Command = async (context) => {
  const { invocation, signal } = context;
  if (invocation.input.follow) {
    const items = itemsOf(clientOf(context), "events", invocation.input, signal);
    return follow(context, items, cellsOf, widths);
  }
  const reply = await callOperation(context, "events");
  await context.output.result(reply, ({ events }) =>
    table(["ID", "TIME", "TYPE", "SESSION", "MESSAGE"], events.map(cellsOf)),
  );
};

function cellsOf({ id, time, type, session, message }: NexoraEvent): string[] {
  return [String(id), time, type, printable(session?.name ?? "-"), printable(message)];
}
