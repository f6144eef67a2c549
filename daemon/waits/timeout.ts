import { NexoraError } from "../../src/contract/errors.ts";
import type { WaitCondition } from "../../src/contract/wait.ts";
import { exactDuration } from "../../src/duration.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import type { RunnerTerminal } from "../../src/runner/terminal.ts";
import type { Checks } from "./checks.ts";
import { conditionNames, watchesFront, watchesTexts } from "./conditions.ts";
import { cursorLine, programOf, shownTerminal } from "./screen-checks.ts";
import { look, type Sight, type SightParts } from "./sight.ts";

/** Rows of the screen that a time-out's error shows, the last ones. */
const shownRows = 60;
/** Windows, and ports, that it names. */
const maxNamed = 20;
/** How long that last look may take, in milliseconds. */
const lookMs = 5_000;

/** The error of a wait in vain: what was expected, and what is really there, as far as it can be asked. */
export async function timedOut(
  parts: SightParts,
  session: string,
  wanted: WaitCondition,
  checks: Checks,
): Promise<NexoraError> {
  const signal = AbortSignal.timeout(lookMs);
  // With `input`, who is in front is known as well.
  const sight = await look(parts, session, { ...wanted, input: true }, signal).catch(() => null);
  const last = sight ? await checks(sight).catch(() => []) : [];
  const screen = sight?.screen ?? null;
  const expected = conditionNames(wanted);
  const shown = screen && shownTerminal(screen);
  const { what, hint } =
    watchesFront(wanted) || watchesTexts(wanted) ? inFront(screen, shown) : othersThere(sight);
  const names = expected.join(wanted.all ? " and " : " or ");
  const present = wanted.all ? last.flatMap((it) => it?.condition ?? []) : [];
  const others = present.length > 0 ? ` (${present.join(" and ")} held)` : "";
  const windows = sight?.windows?.slice(0, maxNamed).map(({ id, title }) => ({ id, title }));
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
        ...(windows ? { windows } : {}),
        ...(sight?.listeners ? { ports: portsIn(sight) } : {}),
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

const later = "look at what is on the screen, or give it more time (--timeout)";

/** The windows or ports that there are instead. */
function othersThere(sight: Sight | null): InFront {
  const titles = sight?.windows?.slice(0, maxNamed).map(({ title }) => JSON.stringify(title));
  const windows = titles ? `windows are ${titles.join(", ") || "none"}` : null;
  const ports = sight?.listeners && `ports are ${portsIn(sight).join(", ") || "none"}`;
  const what = [windows, ports].filter((it) => it !== null && it !== undefined).join("; ");
  return { what: what && `the ${what}`, hint: later };
}

function portsIn({ listeners }: Sight): number[] {
  return [...new Set(listeners?.map(({ port }) => port))].slice(0, maxNamed);
}

function inFront(screen: RunnerScreen | null, shown: RunnerTerminal | null): InFront {
  if (!screen) return { what: "", hint: later };
  if (!shown) {
    return {
      what: `the window in front is ${JSON.stringify(screen.focused?.title ?? "")}, which is no terminal`,
      hint: "wait for its `title`, a `text` that it shows or its pixels (`stable`, `change`), or bring the terminal to the front",
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
