import { NexoraError } from "../../src/contract/errors.ts";
import type { WaitCondition } from "../../src/contract/wait.ts";
import { exactDuration } from "../../src/duration.ts";
import type { RunnerScreen, RunnerTerminal } from "../../src/runner/protocol.ts";
import {
  conditionNames,
  cursorLine,
  type Held,
  programOf,
  shownTerminal,
  watchesText,
} from "./wait-conditions.ts";

/** Rows of the screen that a time-out's error shows, the last ones. */
const shownRows = 60;

/**
 * The error of a wait in vain: what was expected, and what is really in front. `screen` is null
 * when that could not be asked; `last` is what held at the end.
 */
export function timedOut(
  wanted: WaitCondition,
  screen: RunnerScreen | null,
  last: readonly (Held | null)[],
): NexoraError {
  const expected = conditionNames(wanted);
  const shown = screen && shownTerminal(screen);
  const { what, hint } = inFront(wanted, screen, shown);
  const names = expected.join(wanted.all ? " and " : " or ");
  const present = wanted.all ? last.flatMap((it) => it?.condition ?? []) : [];
  const others = present.length > 0 ? ` (${present.join(" and ")} held)` : "";
  return new NexoraError(
    "timeout",
    `timed out after ${exactDuration(wanted.timeoutMs)} waiting for ${names}${others}${what && `: ${what}`}`,
    {
      hint,
      details: {
        expected,
        window: screen?.focused?.title ?? null,
        program: shown && programOf(shown),
        input: shown?.input ?? null,
        screen: shown && rowsOf(shown),
      },
    },
  );
}

/** The last rows, without the empty ones at the end. */
function rowsOf({ lines }: RunnerTerminal): string[] {
  const last = lines.findLastIndex((line) => line !== "");
  return lines.slice(Math.max(0, last + 1 - shownRows), last + 1);
}

interface InFront {
  /** Empty when there is nothing to say. */
  what: string;
  hint: string;
}

function inFront(
  wanted: WaitCondition,
  screen: RunnerScreen | null,
  shown: RunnerTerminal | null,
): InFront {
  const later = "look at what is on the screen, or give it more time (--timeout)";
  if (!screen || !watchesText(wanted)) return { what: "", hint: later };
  if (!shown) {
    return {
      what: `the window in front is ${JSON.stringify(screen.focused?.title ?? "")}, whose text is not known`,
      hint: "wait for its `title` or its pixels (`stable`, `change`), or bring the terminal to the front",
    };
  }
  const [line = ""] = (programOf(shown) ?? "").split("\n");
  const program = line === "" ? "a program" : JSON.stringify(line);
  if (shown.prompt) return { what: atPrompt(shown), hint: later };
  if (shown.input === "waits") {
    const row = cursorLine(shown).trim();
    const what = shown.alternate
      ? `${program} fills the screen and waits for keys`
      : `${program} waits for input${row && ` at ${JSON.stringify(row)}`}`;
    return { what, hint: "answer or leave it; the condition `input` holds when a program asks" };
  }
  const unknown = shown.input === "unknown" ? "; what it waits for cannot be told" : "";
  return { what: `${program} runs${unknown}`, hint: later };
}

function atPrompt({ lastCommand }: RunnerTerminal): string {
  const [line = ""] = (lastCommand?.line ?? "").split("\n");
  if (line === "" || lastCommand?.exitStatus == null) return "the shell is at its prompt";
  return `the shell is at its prompt, after ${JSON.stringify(line)} with status ${lastCommand.exitStatus}`;
}
