import type { Evidence, WaitCondition } from "../../src/contract/wait.ts";
import type { RunnerPrompt, RunnerScreen, RunnerTerminal } from "../../src/runner/protocol.ts";
import { settled } from "../../src/settled.ts";
import { type Held, held } from "./held.ts";

/** For each pattern, which of the texts it matches. */
export type MatchPatterns = (
  patterns: readonly string[],
  texts: readonly string[],
) => Promise<boolean[][]>;

/** Says what holds on a screen, of each condition of the text in turn; null: it does not. */
export type TextChecks = (screen: RunnerScreen) => Promise<(Held | null)[]>;

/** `shell` is the terminal whose prompt is meant; null: that of the one in front. */
export function textChecks(
  wanted: WaitCondition,
  shell: string | null,
  matches: MatchPatterns,
): TextChecks {
  const { text, gone, title } = wanted;
  const matching = async (patterns: readonly string[], texts: readonly string[]) => {
    if (patterns.length === 0 || texts.length === 0) return patterns.map(() => false);
    return (await matches(patterns, texts)).map((each) => each.includes(true));
  };
  return async (screen) => {
    const shown = shownTerminal(screen);
    const texts = shown ? readings(shown) : [];
    const titles = screen.focused ? [screen.focused.title] : [];
    const [texted, there, titled] = await settled([
      matching(text, texts),
      matching(gone, texts),
      matching(title, titles),
    ]);
    const window = windowIn(screen);
    const each = (name: string, sources: readonly string[], holds: (at: number) => unknown) =>
      sources.map((source, at) => (holds(at) ? held(`${name}=${source}`, window) : null));
    const line = async (at: number) =>
      texted[at] && shown ? await lineOf(text[at] ?? "", shown.lines, matches) : null;
    const found = await settled(text.map((_, at) => line(at)));
    return [
      ...(wanted.prompt ? [promptHolds(screen, shown, shell)] : []),
      ...(wanted.input ? [inputHolds(screen, shown)] : []),
      ...text.map((source, at) =>
        texted[at] ? held(`text=${source}`, { ...window, line: found[at] ?? null }) : null,
      ),
      ...each("gone", gone, (at) => shown && !there[at]),
      ...each("title", title, (at) => titled[at]),
    ];
  };
}

/** The focused window as evidence. */
function windowIn({ focused }: RunnerScreen): Pick<Evidence, "window" | "region"> {
  if (!focused) return { window: null, region: null };
  const { id, title, class: name, x, y, width, height } = focused;
  return { window: { id, title, class: name }, region: { x, y, width, height } };
}

/** The last row that a pattern matches; null: it takes several, or the spaces before the cursor. */
async function lineOf(
  pattern: string,
  lines: readonly string[],
  matches: MatchPatterns,
): Promise<string | null> {
  const [each = []] = await matches([pattern], lines);
  return lines[each.lastIndexOf(true)] ?? null;
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

/**
 * The text of a terminal as it stands, and with the cursor's row filled up to the cursor: so that
 * `>>> $` finds a prompt that ends in a space.
 */
function readings({ lines, cursor, rows }: RunnerTerminal): string[] {
  // Scrollback, if any, comes first.
  const row = Math.max(0, lines.length - rows) + cursor.y;
  const text = lines.join("\n");
  const line = lines[row];
  if (line === undefined || line.length >= cursor.x) return [text];
  return [text, lines.with(row, line.padEnd(cursor.x)).join("\n")];
}
