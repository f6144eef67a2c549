import type { Check, Expectation } from "../../src/contract/expect.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import type { RunnerPrompt } from "../../src/runner/terminal.ts";
import { cursorLine, programOf, shownTerminal, windowIn } from "../waits/screen-checks.ts";
import type { MatchPatterns } from "../waits/text-checks.ts";
import { no, unknown, whether, yes } from "./answers.ts";

type Asked = Pick<Expectation, "prompt" | "input" | "title" | "command" | "exitStatus">;

/** Whether the terminal, its last command, and the window in front are as expected. */
export async function shellAnswers(
  wanted: Asked,
  screen: RunnerScreen,
  matches: MatchPatterns,
): Promise<Check[]> {
  const { exitStatus, command } = wanted;
  return [
    ...(wanted.prompt ? [promptAnswer(screen)] : []),
    ...(wanted.input ? [inputAnswer(screen)] : []),
    ...(await titleAnswers(wanted.title, screen, matches)),
    ...(exitStatus === undefined ? [] : [statusAnswer(exitStatus, screen)]),
    ...(command === undefined ? [] : [await commandAnswer(command, screen, matches)]),
  ];
}

/** What is asked, in the order of its answers. */
export function shellConditions({ prompt, input, title, exitStatus, command }: Asked): string[] {
  return [
    ...(prompt ? ["prompt"] : []),
    ...(input ? ["input"] : []),
    ...title.map((each) => `title=${each}`),
    ...(exitStatus === undefined ? [] : [`exit-status=${exitStatus}`]),
    ...(command === undefined ? [] : [`command=${command}`]),
  ];
}

async function titleAnswers(
  titles: readonly string[],
  screen: RunnerScreen,
  matches: MatchPatterns,
): Promise<Check[]> {
  const { focused } = screen;
  if (!focused) return titles.map((title) => no(`title=${title}`, "no window has the focus"));
  const found = await matches(titles, [focused.title]);
  const why = `it is ${JSON.stringify(focused.title)}`;
  return titles.map((title, at) =>
    whether(found[at]?.includes(true) ?? false, `title=${title}`, why, windowIn(screen)),
  );
}

function promptAnswer(screen: RunnerScreen): Check {
  const shell = shellOf(screen);
  if (!shell) return unknown("prompt", noShell(screen));
  const command = shell.lastCommand && toldOf(shell);
  if (shell.prompt) return yes("prompt", { command });
  if (shell.lastCommand?.running) return no("prompt", "a command runs", { command });
  return unknown("prompt", between, { command });
}

function inputAnswer(screen: RunnerScreen): Check {
  const shown = shownTerminal(screen);
  if (!shown) return unknown("input", "no terminal is in front");
  const what = `${programOf(shown) ?? "the program"} in front`;
  if (shown.input === "waits") return yes("input", { line: cursorLine(shown) });
  if (shown.input === "works") return no("input", `${what} works`);
  return unknown("input", `what ${what} waits for cannot be told`);
}

function statusAnswer(wanted: number, screen: RunnerScreen): Check {
  const condition = `exit-status=${wanted}`;
  const shell = shellOf(screen);
  const why = whyNoCommand(shell, screen);
  if (!shell || why !== null) return unknown(condition, why ?? "");
  const { lastCommand } = shell;
  const exitStatus = lastCommand ? lastCommand.exitStatus : shell.exitStatus;
  const command = lastCommand && toldOf(shell);
  if (lastCommand?.running) return unknown(condition, "the command runs still", { command });
  if (exitStatus === null) return unknown(condition, "the shell has not told it", { command });
  return whether(exitStatus === wanted, condition, `it is ${exitStatus}`, { command });
}

async function commandAnswer(
  pattern: string,
  screen: RunnerScreen,
  matches: MatchPatterns,
): Promise<Check> {
  const condition = `command=${pattern}`;
  const shell = shellOf(screen);
  const why = whyNoCommand(shell, screen);
  if (!shell || why !== null) return unknown(condition, why ?? "");
  const line = shell.lastCommand?.line ?? null;
  const command = toldOf(shell);
  if (line === null) return unknown(condition, "how it was typed is not known", { command });
  const [found] = await matches([pattern], [line]);
  return whether(found?.[0] ?? false, condition, "the last command is another one", { command });
}

/** Why the last command of a shell is not known; null: it is. */
function whyNoCommand(shell: RunnerPrompt | null, screen: RunnerScreen): string | null {
  if (!shell) return noShell(screen);
  // What is known is the command before.
  if (!shell.prompt && !shell.lastCommand?.running) return between;
  if (shell.lastCommand || shell.exitStatus !== null) return null;
  return "no command is known: the shell has started none, or sends no marks";
}

const between =
  "the shell is not at its prompt, and has not told what runs: what was typed may be about to begin";

/** The terminal that is meant: the one in front, else the only one. */
function shellOf(screen: RunnerScreen): RunnerPrompt | null {
  const shown = shownTerminal(screen);
  if (shown) return shown;
  const [first = null, ...others] = screen.prompts;
  return others.length === 0 ? first : null;
}

function noShell({ prompts }: RunnerScreen): string {
  if (prompts.length === 0) return "there is no terminal";
  return `which of ${prompts.length} terminals is meant is not known: none is in front`;
}

function toldOf({ lastCommand, exitStatus }: RunnerPrompt): NonNullable<Check["command"]> {
  if (!lastCommand) return { line: null, running: false, exitStatus };
  const { line, running, exitStatus: status } = lastCommand;
  return { line, running, exitStatus: status };
}
