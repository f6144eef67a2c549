import type { StepResult } from "../../src/contract/batch.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Check, Expectation, ExpectOutput } from "../../src/contract/expect.ts";
import { settled } from "../../src/settled.ts";
import type { Things } from "../desktop/things.ts";
import { type DesktopWindows, windowsNamed } from "../desktop/windows.ts";
import type { Exec } from "../exec/exec.ts";
import type { Input } from "../input/input.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { Blocks, Screened } from "../perception/blocks.ts";
import type { RunnerClient } from "../runner/client.ts";
import { shown } from "../waits/checks.ts";
import { shownTerminal } from "../waits/screen-checks.ts";
import type { MatchPatterns } from "../waits/text-checks.ts";
import { no, overall, unknown, unlessSilent, whether, yes } from "./answers.ts";
import { fileAnswers } from "./file-answers.ts";
import { shellAnswers, shellConditions } from "./shell-answers.ts";
import { textAnswers } from "./text-answers.ts";
import { readOnce, thingAnswers } from "./thing-answers.ts";

export interface ExpectParts {
  runner: Pick<RunnerClient, "screen" | "ports" | "files">;
  windows: Pick<DesktopWindows, "list">;
  blocks: Pick<Blocks, "survey">;
  things: Pick<Things, "read">;
  exec: Pick<Exec, "run">;
  input: Pick<Input, "underway">;
  matches: Matches;
}

/** Patterns of one check, of all kinds together. */
const maxPatterns = 16;
/** Windows, and ports, that an answer names. */
const maxNamed = 10;

/** Says of a session how things are: yes, no or unknown, each with what that rests on. */
export class Expectations {
  constructor(private readonly parts: ExpectParts) {}

  /**
   * Looks once. `earlier`: what the list has done so far that this is a step of. Throws `usage` for a reference that
   * means nothing, and without a condition.
   */
  async check(
    of: Screened,
    wanted: Expectation,
    earlier: readonly StepResult[],
    signal: AbortSignal,
  ): Promise<ExpectOutput> {
    checkWanted(wanted);
    const { runner, things, exec, matches: all } = this.parts;
    const matches = (patterns: readonly string[], texts: readonly string[]) =>
      all(of.id, patterns, texts);
    const read = readOnce(things, of.id, signal);
    const checks = await settled([
      this.texts(of, wanted, matches, signal),
      this.shell(of.id, wanted, earlier, matches, signal),
      this.windows(of.id, wanted, signal),
      thingAnswers(wanted, read, matches, signal),
      this.ports(of.id, wanted, signal),
      fileAnswers({ files: runner.files, exec }, of.id, wanted, matches, signal),
      wanted.exitCode === undefined ? [] : [codeAnswer(wanted.exitCode, earlier)],
    ]);
    const told = checks.flat();
    return { answer: overall(told), checks: told };
  }

  private async texts(
    of: Screened,
    wanted: Expectation,
    matches: MatchPatterns,
    signal: AbortSignal,
  ): Promise<Check[]> {
    const { text, gone, ocr } = wanted;
    if (text.length + gone.length === 0) return [];
    const conditions = [...text.map((it) => `text=${it}`), ...gone.map((it) => `gone=${it}`)];
    const look = async () => {
      const survey = await this.parts.blocks.survey(of, { ocr }, signal);
      return textAnswers(wanted, survey, of.width, matches);
    };
    return unlessSilent(conditions, look, signal);
  }

  private async shell(
    session: string,
    wanted: Expectation,
    earlier: readonly StepResult[],
    matches: MatchPatterns,
    signal: AbortSignal,
  ): Promise<Check[]> {
    const { exitStatus, input } = wanted;
    const isOfExec = exitStatus !== undefined && earlier.at(-1)?.operation === "exec";
    const asked = isOfExec ? { ...wanted, exitStatus: undefined } : wanted;
    const its = isOfExec ? [unknown(`exit-status=${exitStatus}`, ofExec)] : [];
    if (!asksShell(asked)) return its;
    const late = this.parts.input.underway(session);
    const screen = await this.parts.runner.screen(session, { input }, signal);
    const terminal = shownTerminal(screen);
    if (late && terminal?.id === late.id && terminal.inputBytes < late.inputBytes) {
      return [...its, ...shellConditions(asked).map((condition) => unknown(condition, underway))];
    }
    return [...its, ...(await shellAnswers(asked, screen, matches))];
  }

  private async windows(
    session: string,
    { window, windowGone }: Expectation,
    signal: AbortSignal,
  ): Promise<Check[]> {
    if (window.length + windowGone.length === 0) return [];
    const { windows } = await this.parts.windows.list(session, signal);
    const titles = windows.slice(0, maxNamed).map(({ title }) => JSON.stringify(title));
    const there = `the windows are ${titles.join(", ") || "none"}`;
    const named = (name: string) => {
      const [found] = windowsNamed(name, windows);
      return found ? shown(found) : null;
    };
    return [
      ...window.map((name) =>
        whether(named(name) !== null, `window=${name}`, there, named(name) ?? {}),
      ),
      ...windowGone.map((name) =>
        whether(named(name) === null, `window-gone=${name}`, "it is there", named(name) ?? {}),
      ),
    ];
  }

  private async ports(
    session: string,
    { port }: Expectation,
    signal: AbortSignal,
  ): Promise<Check[]> {
    if (port.length === 0) return [];
    const { listeners } = await this.parts.runner.ports(session, signal);
    const others = [...new Set(listeners.map((each) => each.port))].slice(0, maxNamed);
    return port.map((each) => {
      const listener = listeners.find((it) => it.port === each) ?? null;
      const why = `the ports are ${others.join(", ") || "none"}`;
      return whether(listener !== null, `port=${each}`, why, { listener });
    });
  }
}

function asksShell({ prompt, input, title, command, exitStatus }: Expectation): boolean {
  return prompt || input || title.length > 0 || command !== undefined || exitStatus !== undefined;
}

/** Whoever asks for a status right behind an `exec` means its own, and not that of the terminal. */
const ofExec =
  "the step before is an exec, whose code `exitCode` checks; `exitStatus` is that of the terminal's last command";

/** What shows is from before them. */
const underway = "keys are still on their way to the terminal";

/** Whether the last `exec` of a list has ended so. */
function codeAnswer(wanted: number, earlier: readonly StepResult[]): Check {
  const condition = `exit-code=${wanted}`;
  const last = earlier.findLast(({ operation }) => operation === "exec");
  const reply = (last?.reply ?? null) as Partial<ExecOutput> | null;
  if (!reply) return unknown(condition, "no exec comes before it in this list");
  const { exitCode = null, signal, timedOut } = reply;
  if (exitCode === wanted) return yes(condition);
  if (exitCode !== null) return no(condition, `it is ${exitCode}`);
  if (timedOut || signal)
    return no(condition, timedOut ? "it has timed out" : `it died by ${signal}`);
  return unknown(condition, "it has not ended: it was started with `detach`");
}

function checkWanted(wanted: Expectation): void {
  const { text, gone, title, value, fileText, command, ocr: _, ...others } = wanted;
  const patterns = [
    ...text,
    ...gone,
    ...title,
    ...value,
    ...fileText,
    ...(command ? [command] : []),
  ];
  const isAsked = (it: unknown) =>
    Array.isArray(it) ? it.length > 0 : it !== undefined && it !== false;
  if (patterns.length === 0 && !Object.values(others).some(isAsked)) {
    throw new NexoraError("usage", "there is nothing to check", {
      hint: "give a condition: text, gone, window, ref, state, value, exitStatus, file, port …",
    });
  }
  if (patterns.length > maxPatterns) {
    throw new NexoraError("usage", `there are more than ${maxPatterns} patterns`, {
      hint: "one pattern can have alternatives: `done|failed`",
    });
  }
}
