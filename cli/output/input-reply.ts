import type { AfterwardsOutput } from "../../src/contract/input.ts";
import type { PointerPlace } from "../../src/contract/pointer.ts";
import type { ScreenOptions } from "../../src/contract/screen.ts";
import type { Evidence, WaitOutput } from "../../src/contract/wait.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import type { Context } from "../context.ts";
import { keepLook } from "../then-screen.ts";
import { noteChanges, noteDegraded, screenText, withPath } from "./screen.ts";
import { formatDuration, printable } from "./units.ts";

/** Most characters of a command in a message. */
const longestCommand = 60;

/** What the replies of single verbs say besides. */
interface Particulars extends PointerPlace {
  delivered: boolean | null;
  /** Of a window: whether it is as asked, and it as it is. */
  done: boolean;
  window: ManagedWindow | null;
  /** Of `open`: what was started. */
  opened: { kind: string };
}

/** Prints the screen that was asked for; what is worth knowing goes to stderr. */
export async function describeAction(
  context: Context,
  reply: AfterwardsOutput & Partial<Particulars>,
): Promise<void> {
  const { output } = context;
  const look = (context.invocation.input.thenScreen ?? {}) as Partial<ScreenOptions>;
  if (reply.delivered === false) {
    await output.note("the focused terminal has not received all of the text (yet)");
  }
  if (reply.pointer) await output.note(describePointer(reply.pointer, reply.over ?? null));
  if (reply.done === false && reply.window) {
    const title = JSON.stringify(printable(reply.window.title));
    await output.note(`window ${reply.window.id} ${title} is not as asked: look at the screen`);
  }
  if (reply.opened && reply.window) await output.note(describeWindow(reply.window));
  if (reply.waited) await output.note(describeWait(reply.waited));
  if (reply.settled && !reply.settled.still) {
    const ms = formatDuration(reply.settled.ms);
    await output.note(
      `the screen was not still yet after ${ms}: look again, or wait for something`,
    );
  }
  const path = reply.screen && keepLook(context, reply.screen);
  const screen = reply.screen && withPath(reply.screen, path);
  await output.result({ ...reply, screen }, (it) => {
    if (it.screen) return screenText(it.screen, look);
    return it.opened ? (it.window?.id ?? "") : "";
  });
  if (reply.screen) {
    await noteDegraded(output, reply.screen);
    await noteChanges(output, reply.screen, look.since);
  }
  if (path) await output.note(path);
}

/** `pointer at 640,400 over 0x600007 "Terminal"`. */
function describePointer({ x, y }: PointerPlace["pointer"], over: PointerPlace["over"]): string {
  const window = over ? ` over ${over.id} ${JSON.stringify(printable(over.title))}` : "";
  return `pointer at ${x},${y}${window}`;
}

/** `window 0x600007 "notes.txt" of XTerm`. */
function describeWindow({ id, title, class: name }: ManagedWindow): string {
  return `window ${id} ${JSON.stringify(printable(title))} of ${printable(name)}`;
}

/** `prompt after 120 ms, exit status 0 of make test`, `input after 1.2 s: npm init asks "name:"`. */
export function describeWait(waited: WaitOutput): string {
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
function shortened(command: string): string {
  const [line = ""] = command.split("\n");
  const text = printable(line);
  const short = text.length > longestCommand ? text.slice(0, longestCommand - 1) : text;
  return short === command ? short : `${short}…`;
}
