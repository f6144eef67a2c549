import type { WaitCondition, WaitOutput } from "../../src/contract/wait.ts";
import type { RunnerPrompt, RunnerScreen, RunnerTerminal } from "../../src/runner/protocol.ts";
import { settled } from "../../src/settled.ts";

export type Held = Omit<WaitOutput, "waitedMs">;

/** A condition that holds and has nothing more to say. */
export function held(condition: string): Held {
  return { condition, exitStatus: null, command: null, asks: null };
}

/** Several that hold together. */
export function together(all: readonly Held[]): Held {
  const first = <T>(of: (each: Held) => T | null) => all.map(of).find((it) => it !== null) ?? null;
  return {
    condition: all.map(({ condition }) => condition).join(" and "),
    exitStatus: first(({ exitStatus }) => exitStatus),
    command: first(({ command }) => command),
    asks: first(({ asks }) => asks),
  };
}

/** Whether a wait needs the text of the screen. */
export function watchesText(wanted: WaitCondition): boolean {
  const { prompt, input, text, gone, title } = wanted;
  return prompt || input || text.length + gone.length + title.length > 0;
}

/** The conditions of a wait as people write them, for example `text=done`. */
export function conditionNames(wanted: WaitCondition): string[] {
  return [
    ...(wanted.ready ? ["ready"] : []),
    ...(wanted.prompt ? ["prompt"] : []),
    ...(wanted.input ? ["input"] : []),
    ...(wanted.change ? ["change"] : []),
    ...(wanted.stableMs === undefined ? [] : [`stable=${wanted.stableMs}ms`]),
    ...wanted.text.map((source) => `text=${source}`),
    ...wanted.gone.map((source) => `gone=${source}`),
    ...wanted.title.map((source) => `title=${source}`),
  ];
}

/** Says what holds on a screen, of each condition of the text in turn; null: it does not. */
export type TextChecks = (screen: RunnerScreen) => Promise<(Held | null)[]>;

/** `shell` is the terminal whose prompt is meant; null: that of the one in front. */
export function textChecks(
  wanted: WaitCondition,
  shell: string | null,
  matches: (patterns: readonly string[], texts: readonly string[]) => Promise<boolean[][]>,
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
    const each = (name: string, sources: readonly string[], holds: (at: number) => unknown) =>
      sources.map((source, at) => (holds(at) ? held(`${name}=${source}`) : null));
    return [
      ...(wanted.prompt ? [promptHolds(screen, shown, shell)] : []),
      ...(wanted.input ? [inputHolds(shown)] : []),
      ...each("text", text, (at) => texted[at]),
      ...each("gone", gone, (at) => shown && !there[at]),
      ...each("title", title, (at) => titled[at]),
    ];
  };
}

/** The terminal whose text is on the screen: none while another window is in front. */
export function shownTerminal({ focused, terminal }: RunnerScreen): RunnerTerminal | null {
  return focused === null || focused.terminal === terminal?.id ? terminal : null;
}

function promptHolds(
  { prompts }: RunnerScreen,
  shown: RunnerTerminal | null,
  shell: string | null,
): Held | null {
  const at = prompts.find(({ id }) => id === shell) ?? shown;
  return at?.prompt ? { ...held("prompt"), ...statusOf(at) } : null;
}

function inputHolds(shown: RunnerTerminal | null): Held | null {
  if (shown?.input !== "waits") return null;
  if (shown.prompt) return { ...held("input"), ...statusOf(shown) };
  return { ...held("input"), asks: { program: programOf(shown), line: cursorLine(shown) } };
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
