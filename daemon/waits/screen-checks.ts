import type { Evidence, WaitCondition } from "../../src/contract/wait.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import type { RunnerPrompt, RunnerTerminal } from "../../src/runner/terminal.ts";
import { type Held, held } from "./held.ts";
import type { MatchPatterns } from "./text-checks.ts";

/** Whether the prompt, or the program in front, is as wanted; `shell` is the terminal whose prompt is meant. */
export function shellChecks(
  wanted: WaitCondition,
  screen: RunnerScreen,
  shell: string | null,
): (Held | null)[] {
  const shown = shownTerminal(screen);
  return [
    ...(wanted.prompt ? [promptHolds(screen, shown, shell)] : []),
    ...(wanted.input ? [inputHolds(screen, shown)] : []),
  ];
}

/** Whether the focused window's title is as wanted. */
export async function titleChecks(
  { title }: WaitCondition,
  screen: RunnerScreen,
  matches: MatchPatterns,
): Promise<(Held | null)[]> {
  if (!screen.focused || title.length === 0) return title.map(() => null);
  const found = await matches(title, [screen.focused.title]);
  return title.map((each, at) =>
    found[at]?.includes(true) ? held(`title=${each}`, windowIn(screen)) : null,
  );
}

/** The focused window as evidence. */
export function windowIn({ focused }: RunnerScreen): Pick<Evidence, "window" | "region"> {
  if (!focused) return { window: null, region: null };
  const { id, title, class: name, x, y, width, height } = focused;
  return { window: { id, title, class: name }, region: { x, y, width, height } };
}

/** The terminal whose text is on the screen: none while another window is in front. */
export function shownTerminal({ focused, terminal }: RunnerScreen): RunnerTerminal | null {
  return focused === null || focused.terminal === terminal?.id ? terminal : null;
}

function promptHolds(
  screen: RunnerScreen,
  shown: RunnerTerminal | null,
  shell: string | null,
): Held | null {
  const at = screen.prompts.find(({ id }) => id === shell) ?? shown;
  if (!at?.prompt) return null;
  const window = at.id === shown?.id ? windowIn(screen) : {};
  return { ...held("prompt", window), ...statusOf(at) };
}

function inputHolds(screen: RunnerScreen, shown: RunnerTerminal | null): Held | null {
  if (shown?.input !== "waits") return null;
  const window = windowIn(screen);
  if (shown.prompt) return { ...held("input", window), ...statusOf(shown) };
  const line = cursorLine(shown);
  return { ...held("input", { ...window, line }), asks: { program: programOf(shown), line } };
}

/** The last command and its status. Of a shell whose commands are not marked, the last status. */
function statusOf({ lastCommand, exitStatus }: RunnerPrompt): Pick<Held, "exitStatus" | "command"> {
  if (!lastCommand) return { exitStatus, command: null };
  return { exitStatus: lastCommand.exitStatus, command: lastCommand.line };
}

/** The command that runs, as it was typed at the prompt; else the command line in the foreground. */
export function programOf({ lastCommand, command }: RunnerTerminal): string | null {
  return (lastCommand?.running && lastCommand.line) || command;
}

/** The cursor's row, or above an empty one the last that is not. */
export function cursorLine({ lines, cursor, rows }: RunnerTerminal): string {
  const row = Math.max(0, lines.length - rows) + cursor.y;
  return lines.slice(0, row + 1).findLast((line) => line.trim() !== "") ?? "";
}
