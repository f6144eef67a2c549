import type { Vt } from "./vt.ts";

/** What an OSC says, if it is about the title or a mark of the shell's. */
export function operatingSystemCommand(vt: Vt, text: string): void {
  const at = text.indexOf(";");
  const code = at < 0 ? text : text.slice(0, at);
  const data = at < 0 ? "" : text.slice(at + 1);
  if (code === "0" || code === "2") vt.listener.title(data);
  else if (code === "133") vt.listener.mark(data);
}
