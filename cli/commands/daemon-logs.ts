import type { Command } from "../context.ts";
import { followFile, lastLines } from "../log-file.ts";
import { printable } from "../output/units.ts";

/** Prints the end of the daemon's log; works when no daemon runs. */
export const command: Command = async ({ invocation, paths, output, signal }) => {
  const { tail, follow } = invocation.input;
  const { lines, end } = lastLines(paths.log, typeof tail === "number" ? tail : 200);
  const print = (line: string) => output.item({ line }, (it) => `${printable(it.line)}\n`);
  for (const line of lines) await print(line);
  if (!follow) return;
  for await (const line of followFile(paths.log, end, signal)) await print(line);
};
