import { requestOf } from "../../src/client/route.ts";
import { routeOf } from "../../src/client/routes.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { NexoraEvent } from "../../src/contract/events.ts";
import { type Command, type Context, callOperation, clientOf } from "../context.ts";
import { table } from "../output/table.ts";
import { printable } from "../output/units.ts";
import { readServerSent } from "../server-sent.ts";

/** Prints what happened, and with `--follow` what comes, one event a line. */
export const command: Command = async (context) => {
  const { input } = context.invocation;
  if (input.follow) return follow(context);
  const reply = (await callOperation(context)) as { events: NexoraEvent[] };
  await context.output.result(reply, ({ events }) =>
    table(["ID", "TIME", "TYPE", "SESSION", "MESSAGE"], events.map(cellsOf)),
  );
};

async function follow(context: Context): Promise<void> {
  const { target } = requestOf(routeOf("events"), context.invocation.input);
  const reply = await clientOf(context).fetch(target, {
    headers: { accept: "text/event-stream" },
    signal: context.signal,
  });
  let last = context.invocation.input.since ?? 0;
  for await (const data of readServerSent(reply.body as AsyncIterable<Uint8Array>)) {
    const event = JSON.parse(data) as NexoraEvent;
    last = event.id;
    await context.output.item(event, lineOf);
  }
  context.signal.throwIfAborted();
  throw new NexoraError("daemon_unreachable", "the daemon ended the stream of events", {
    hint: `go on with \`nexora events --follow --since ${last}\``,
  });
}

function cellsOf({ id, time, type, session, message }: NexoraEvent): string[] {
  return [String(id), time, type, printable(session?.name ?? "-"), printable(message)];
}

/** Columns of fixed width, because what comes is not known yet. */
const widths = [6, 24, 15, 16, 0];

function lineOf(event: NexoraEvent): string {
  const cells = cellsOf(event).map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return `${cells.join("  ").trimEnd()}\n`;
}
