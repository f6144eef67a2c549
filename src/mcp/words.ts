import type { StepResult } from "../contract/batch.ts";
import type { ExecOutput } from "../contract/exec.ts";
import type { OperationId, Output } from "../contract/index.ts";
import type { AfterwardsOutput } from "../contract/input.ts";
import type { ScreenOutput } from "../contract/screen.ts";
import type { ManagedWindow } from "../contract/window.ts";
import { formatDuration } from "../duration.ts";
import { plainLine, plainText } from "../plain-text.ts";
import { checksText } from "../words/checks.ts";
import { changedText, landedText } from "../words/page.ts";
import { goneWords, saysSomething, screenText } from "../words/screen.ts";
import { waitText } from "../words/wait.ts";

/**
 * A reply in the words that a model needs of it, and no more: each token is read again with every later turn.
 * Undefined for operations that have none of their own.
 */
export function wordsOf(operation: string, reply: unknown): string | undefined {
  const own = its[operation as OperationId] as ((reply: unknown) => string) | undefined;
  return own?.(reply);
}

type Words = { [Id in OperationId]?: (reply: Output<Id>) => string };

const its: Words = {
  screen: (screen) => lines([screenWords(screen), screen.textRev && `rev ${screen.textRev}`]),
  wait: waitText,
  expect: checksText,
  ...{ type: acted, key: acted, click: acted, move: acted, drag: acted, scroll: acted },
  open: (reply) => lines([reply.screen ? null : windowLine(reply.window), acted(reply)]),
  windows: ({ windows }) => windows.map(windowLine).join("\n"),
  exec: execWords,
  batch: batchWords,
  ...{ "chrome.goto": landedText, "chrome.back": landedText, "chrome.forward": landedText },
  "chrome.reload": landedText,
  "chrome.snapshot": ({ text, cut }) => lines([plainText(text), cut && plainLine(cut)]),
  "chrome.text": ({ text, cut }) => lines([plainText(text), cut && "there is more"]),
  ...{ "chrome.click": pageChanged, "chrome.fill": pageChanged, "chrome.press": pageChanged },
  ...{ "chrome.select": pageChanged, "chrome.check": pageChanged, "chrome.hover": pageChanged },
};

/** What an action has come to: how its wait has ended, and what it has changed. */
function acted({
  waited,
  settled,
  screen,
  ...own
}: AfterwardsOutput & { delivered?: boolean | null }): string {
  const late = settled && !settled.still && formatDuration(settled.ms);
  return lines([
    own.delivered === false && "the focused terminal has not received all of the text (yet)",
    waited && waitText(waited),
    screen && screenWords(screen),
    late && `the screen was not still yet after ${late}: look again, or wait for something`,
  ]);
}

type Seen = Pick<ScreenOutput, "window" | "text" | "changed" | "gone" | "image" | "degraded">;

/** The text of the screen, or what of it has changed, and what is missing. */
function screenWords(screen: Seen): string {
  const style = { chosen: true, numbered: false, named: true };
  const isWhole = screen.changed === null;
  const told = (screen.text ?? []).filter(
    (block) =>
      saysSomething(block, style) &&
      (isWhole || block.source === "none" || block.window === screen.window?.id),
  );
  return lines([
    screenText(screen, style) || (isWhole ? "no text shows" : "no text on the screen has changed"),
    ...told.map(({ degraded }) => degraded && `(${plainLine(degraded)})`),
    screen.degraded && `(${plainLine(screen.degraded)})`,
    ...goneWords(screen.gone ?? []).map((it) => `window ${it}`),
    screen.image && pictureLine(screen.image),
  ]);
}

/** Where the pixels of a picture are on the desktop. */
function pictureLine(image: NonNullable<ScreenOutput["image"]>): string {
  const { width, height, scaleX, scaleY, offsetX, offsetY } = image;
  const size = `picture of ${width}x${height}`;
  if (scaleX === 1 && scaleY === 1 && offsetX === 0 && offsetY === 0) return size;
  const places = `x = ${offsetX} + ${scaleX} * its x, y = ${offsetY} + ${scaleY} * its y`;
  return `${size}; on the desktop ${places}`;
}

/** `0x40000c * maximized 1024x740 at 0,25 XTerm "nexora@dev: /workspace"`; the star has the focus. */
function windowLine({ id, focused, state, region, class: kind, title }: ManagedWindow): string {
  const { x, y, width, height } = region;
  const place = `${width}x${height} at ${x},${y}`;
  const name = `${plainLine(kind)} ${JSON.stringify(plainLine(title))}`;
  return `${id}${focused ? " *" : ""} ${state} ${place} ${name}`;
}

/** Characters of a command's output that are kept: of a longer one its beginning, and more of its end. */
const [atStart, atEnd] = [4_000, 12_000];

function execWords(output: ExecOutput): string {
  const { stdout, stderr, stdoutEncoding, stderrEncoding, exitCode, signal, timedOut } = output;
  const text = (encoding: string, it: string) =>
    shortened(encoding === "utf8" ? plainText(it).trimEnd() : `(${encoding}) ${it}`);
  // Neither a status nor a signal has one that was left running.
  if (exitCode === null && signal === null && !timedOut) return `started, pid ${output.pid}`;
  const ended = signal === null ? `exit status ${exitCode}` : `ended by ${signal}`;
  return lines([
    text(stdoutEncoding, stdout),
    text(stderrEncoding, stderr),
    output.truncated && "(the output was cut)",
    timedOut ? `timed out: ${ended}` : ended,
  ]);
}

function shortened(text: string): string {
  const left = text.length - atStart - atEnd;
  if (left <= 0) return text;
  const said = `(${left} characters are left out here: write it to a file, and read it in parts)`;
  return `${text.slice(0, atStart)}\n${said}\n${text.slice(-atEnd)}`.toWellFormed();
}

/** What each step has to say, and what has changed from the first to the last. */
function batchWords({ results, failed, ...after }: Output<"batch">): string {
  const left = failed === null ? 0 : results.length - failed - 1;
  return lines([
    ...results.map(stepWords),
    failed === null ? `all ${results.length} done` : left > 0 && `${left} not executed`,
    acted(after),
  ]);
}

function stepWords({ operation, status, reply, error, screen }: StepResult, at: number): string {
  const begins = `${at + 1}. ${operation}`;
  const seen = screen && screenWords({ ...screen, changed: true, image: null });
  if (error) return lines([`${begins} failed: ${error.code}: ${error.message}`, error.hint, seen]);
  const own = status === "done" ? (wordsOf(operation, reply) ?? JSON.stringify(reply)) : "";
  const text = lines([own, seen]);
  return text === "" ? "" : `${begins}: ${text}`;
}

/** What has the focus then goes without saying after a click. */
function pageChanged({ changed }: Pick<Output<"chrome.press">, "changed">): string {
  return changedText({ ...changed, focused: null });
}

function lines(parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join("\n");
}
