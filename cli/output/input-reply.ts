import type { AfterwardsOutput } from "../../src/contract/input.ts";
import type { PointerPlace } from "../../src/contract/pointer.ts";
import type { ScreenOptions } from "../../src/contract/screen.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import { formatDuration } from "../../src/duration.ts";
import { screenText, styleOf } from "../../src/words/screen.ts";
import { waitText } from "../../src/words/wait.ts";
import type { Context } from "../context.ts";
import { keepLook } from "../then-screen.ts";
import { noteChanges, noteDegraded, withPath } from "./screen.ts";
import { printable } from "./units.ts";

/** What the replies of single verbs say besides. */
interface Particulars extends PointerPlace {
  delivered: boolean | null;
  /** Of a window: whether it is as asked, and it as it is. */
  done: boolean;
  window: ManagedWindow | null;
  /** Of `open`: what was started. */
  opened: { kind: string };
}

/** Prints the screen that was asked for, below what comes before it; what is worth knowing goes to stderr. */
export async function describeAction(
  context: Context,
  reply: AfterwardsOutput & Partial<Particulars>,
  before = "",
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
  if (reply.waited) await output.note(waitText(reply.waited));
  if (reply.settled && !reply.settled.still) {
    const ms = formatDuration(reply.settled.ms);
    await output.note(
      `the screen was not still yet after ${ms}: look again, or wait for something`,
    );
  }
  const path = reply.screen && keepLook(context, reply.screen);
  const screen = reply.screen && withPath(reply.screen, path);
  await output.result({ ...reply, screen }, (it) => {
    const text = it.screen ? screenText(it.screen, styleOf(look)) : "";
    if (it.screen || before) return [before, text].filter((part) => part !== "").join("\n\n");
    return it.opened ? (it.window?.id ?? "") : "";
  });
  if (reply.screen) {
    await noteDegraded(output, reply.screen, styleOf(look));
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
