import { foregroundGroup } from "./foreground.ts";
import type { SharedTerminal } from "./terminal.ts";

/**
 * Whether a shell without OSC 133 marks seems to be at its prompt: it is in the foreground itself,
 * and the cursor's line ends, as prompts do, in one of `$ # % >`.
 */
export async function showsPrompt(terminal: SharedTerminal): Promise<boolean> {
  const { lines, cursor } = await terminal.state({});
  return (
    foregroundGroup(terminal.pid) === terminal.pid &&
    /[$#%>❯]$/u.test((lines[cursor.y] ?? "").trimEnd())
  );
}
