import type { Evidence, WaitOutput } from "../contract/wait.ts";
import { formatDuration } from "../duration.ts";
import { plainLine } from "../plain-text.ts";

/** Most characters of a command in a message. */
const longestCommand = 60;

/** `prompt after 120 ms, exit status 0 of make test`, `input after 1.2 s: npm init asks "name:"`. */
export function waitText(waited: WaitOutput): string {
  const { condition, waitedMs, exitStatus, command, asks, evidence } = waited;
  const status = exitStatus === null ? "" : `, exit status ${exitStatus}`;
  const of = exitStatus === null || !command ? "" : ` of ${shortened(command)}`;
  const where = asks?.line ? ` at ${shortened(JSON.stringify(asks.line))}` : "";
  const who = asks ? `: ${shortened(asks.program ?? "a program")} waits${where}` : "";
  const by = evidence.map(seenBy).join("");
  return `${condition} after ${formatDuration(waitedMs)}${status}${of}${who}${by}`;
}

/** What a condition was seen by, where it says more than the condition. */
function seenBy({ condition, window, line, listener, caret }: Evidence): string {
  if (listener) return `, at ${listener.address}`;
  if (caret) return `, but for a caret that blinks at ${caret.x},${caret.y}`;
  if (line !== null && condition.startsWith("text=")) return `: ${shortened(line.trim())}`;
  if (!window || !condition.startsWith("window=")) return "";
  return `: ${window.id} ${shortened(JSON.stringify(window.title))}`;
}

/** A command in one line of a message. */
export function shortened(command: string): string {
  const [line = ""] = command.split("\n");
  const text = plainLine(line);
  const short = text.length > longestCommand ? text.slice(0, longestCommand - 1) : text;
  return short === command ? short : `${short}…`;
}
