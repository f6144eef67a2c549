import { itemsOf } from "../../src/client/streams.ts";
import type { AuditEntry } from "../../src/contract/audit.ts";
import { type Command, callOperation, clientOf } from "../context.ts";
import { follow } from "../follow.ts";
import { table } from "../output/table.ts";
import { printable } from "../output/units.ts";

/** Columns of fixed width for what comes, because it is not known yet. */
const widths = [6, 24, 20, 15, 16, 0];

/** Prints who asked for what, and with `--follow` what comes, one entry a line. */
export const command: Command = async (context) => {
  const { invocation, signal } = context;
  if (invocation.input.follow) {
    const items = itemsOf(clientOf(context), "audit", invocation.input, signal);
    return follow(context, items, cellsOf, widths);
  }
  const reply = await callOperation(context, "audit");
  await context.output.result(reply, ({ entries }) =>
    table(["ID", "TIME", "WHO", "OPERATION", "SESSION", "RESULT"], entries.map(cellsOf)),
  );
};

function cellsOf({ id, time, principal, operation, session, code }: AuditEntry): string[] {
  const who = printable(`${principal.kind}:${principal.name}`);
  return [String(id), time, who, operation, printable(session?.name ?? "-"), code ?? "ok"];
}
