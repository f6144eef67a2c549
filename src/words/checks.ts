import type { Check, ExpectOutput } from "../contract/expect.ts";
import { plainLine } from "../plain-text.ts";
import { shortened } from "./wait.ts";

/** A line for each condition: `yes text=done: "all done" in 0x40000c`, `unknown exit-status=0: make still runs`. */
export function checksText({ checks }: Pick<ExpectOutput, "checks">): string {
  return checks
    .map((check) => {
      const told = [seenBy(check), check.why ? plainLine(check.why) : ""].filter((it) => it !== "");
      const how = told.length > 0 ? `: ${told.join("; ")}` : "";
      return `${check.answer} ${plainLine(check.condition)}${how}`;
    })
    .join("\n");
}

/** What an answer rests on, where that says more than the condition. */
function seenBy({ line, window, source, listener, thing, command, file }: Check): string {
  if (line !== null) {
    const where = window ? ` in ${window.id}` : "";
    return `${shortened(JSON.stringify(line.trim()))}${where}${source === "ocr" ? " (OCR)" : ""}`;
  }
  if (window) return `${window.id} ${shortened(JSON.stringify(window.title))}`;
  if (listener) return `at ${listener.address}`;
  if (thing) {
    const holds = thing.value === null ? "" : `= ${shortened(JSON.stringify(thing.value))}`;
    const words = [thing.role, JSON.stringify(thing.name), holds, ...thing.states];
    return plainLine(words.filter((word) => word !== "").join(" "));
  }
  if (command?.line) {
    const status = command.exitStatus === null ? "" : ` ended with ${command.exitStatus}`;
    return `${shortened(command.line)}${command.running ? " runs" : status}`;
  }
  return file && file.type !== "none" ? `${file.type}, ${file.sizeBytes} bytes` : "";
}
