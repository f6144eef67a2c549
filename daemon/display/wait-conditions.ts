import type { WaitCondition, WaitOutput } from "../../src/contract/wait.ts";
import type { RunnerScreen, RunnerTerminal } from "../../src/runner/protocol.ts";

export type Held = Omit<WaitOutput, "waitedMs">;

/** A condition that holds and has no command. */
export function held(condition: string): Held {
  return { condition, exitStatus: null, command: null };
}

/** Whether a wait needs the text of the screen. */
export function watchesText(wanted: WaitCondition): boolean {
  return wanted.prompt || wanted.text.length + wanted.gone.length + wanted.title.length > 0;
}

/** The conditions of a wait as people write them, for example `text=done`. */
export function conditionNames(wanted: WaitCondition): string[] {
  return [
    ...(wanted.ready ? ["ready"] : []),
    ...(wanted.prompt ? ["prompt"] : []),
    ...(wanted.change ? ["change"] : []),
    ...(wanted.stableMs === undefined ? [] : [`stable=${wanted.stableMs}ms`]),
    ...wanted.text.map((source) => `text=${source}`),
    ...wanted.gone.map((source) => `gone=${source}`),
    ...wanted.title.map((source) => `title=${source}`),
  ];
}

/** A function that says which condition holds on a screen; null: none yet. */
export function textCheck(wanted: WaitCondition): (screen: RunnerScreen) => Held | null {
  const compile = (sources: string[]) =>
    sources.map((source) => [source, new RegExp(source, "mu")] as const);
  const [texts, gones, titles] = [
    compile(wanted.text),
    compile(wanted.gone),
    compile(wanted.title),
  ];
  return ({ focused, terminal }) => {
    if (wanted.prompt && terminal?.prompt) {
      return { condition: "prompt", ...statusOf(terminal) };
    }
    const shown = terminal ? readings(terminal) : [];
    const matches = (re: RegExp) => shown.some((text) => re.test(text));
    for (const [source, re] of texts) if (matches(re)) return held(`text=${source}`);
    for (const [source, re] of gones) if (terminal && !matches(re)) return held(`gone=${source}`);
    for (const [source, re] of titles) {
      if (focused && re.test(focused.title)) return held(`title=${source}`);
    }
    return null;
  };
}

/** The last command and its status. Of a shell whose commands are not marked, the last status. */
function statusOf({ lastCommand, exitStatus }: RunnerTerminal): Omit<Held, "condition"> {
  if (!lastCommand) return { exitStatus, command: null };
  return { exitStatus: lastCommand.exitStatus, command: lastCommand.line };
}

/**
 * The text of a terminal as it stands, and with the cursor's row filled up to the cursor: so that
 * `>>> $` finds a prompt that ends in a space.
 */
function readings({ lines, cursor, rows }: RunnerTerminal): string[] {
  // Scrollback, if any, comes first.
  const row = Math.max(0, lines.length - rows) + cursor.y;
  const filled = lines.map((line, at) => (at === row ? line.padEnd(cursor.x) : line));
  return [lines.join("\n"), filled.join("\n")];
}
