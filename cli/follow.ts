import { NexoraError } from "../src/contract/errors.ts";
import type { Context } from "./context.ts";
import { rowOf } from "./output/table.ts";

/** Prints records as they come, one a line, until the user has seen enough. */
export async function follow<T extends { id: number }>(
  { invocation, output, signal }: Context,
  items: AsyncIterable<T>,
  cellsOf: (item: T) => string[],
  widths: readonly number[],
): Promise<void> {
  let last = invocation.input.since ?? 0;
  for await (const item of items) {
    last = item.id;
    await output.item(item, (it) => rowOf(cellsOf(it), widths));
  }
  signal.throwIfAborted();
  throw new NexoraError("daemon_unreachable", "the daemon closed the stream", {
    hint: `continue with \`nexora ${invocation.verb.id} --follow --since ${last}\``,
  });
}
