import type { ScreenOutput } from "../../src/contract/screen.ts";
import type { WaitOutput } from "../../src/contract/wait.ts";
import type { Output } from "./output.ts";
import { screenText } from "./screen-text.ts";
import { formatDuration } from "./units.ts";

/** What `type` and `key` reply with, as far as text output shows it. */
export interface InputReply {
  delivered?: boolean | null;
  waited: WaitOutput | null;
  screen: ScreenOutput | null;
}

/** Prints the screen that was asked for; what is worth knowing goes to stderr. */
export async function describeInput(output: Output, reply: InputReply): Promise<void> {
  if (reply.delivered === false) {
    await output.note("the focused terminal has not taken all of the text (yet)");
  }
  if (reply.waited) await output.note(describeWait(reply.waited));
  await output.result(reply, ({ screen }) => screenText(screen?.text));
}

/** `prompt after 120 ms, exit status 0`. */
export function describeWait({ condition, waitedMs, exitStatus }: WaitOutput): string {
  const status = exitStatus === null ? "" : `, exit status ${exitStatus}`;
  return `${condition} after ${formatDuration(waitedMs)}${status}`;
}
