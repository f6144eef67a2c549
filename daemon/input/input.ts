import { NexoraError } from "../../src/contract/errors.ts";
import { chordBytes, textBytes } from "../../src/keys/bytes.ts";
import { type Chord, parseChord } from "../../src/keys/chord.ts";
import type { Displays } from "../display/types.ts";
import type { RunnerClient } from "../runner/client.ts";
import { Turns } from "../turns.ts";
import { holdStrokes, sendStrokes } from "./keyboard.ts";
import { piecesOf } from "./pieces.ts";
import { type Key, pause, Spacing } from "./spacing.ts";
import { textStrokes } from "./strokes.ts";
import { delivered, type FocusedTerminal, focusOf, stalledMs, writeTo } from "./terminal.ts";

export interface InputDependencies {
  displays: Pick<Displays, "acquire">;
  runner: Pick<RunnerClient, "focus" | "input">;
}

interface Typed {
  /** Code points of the text, `enter` not counted. */
  characters: number;
  path: "keys" | "keys-paced" | "terminal";
  /** Whether the focused terminal has received all of it; null when there is none (any more). */
  delivered: boolean | null;
}

interface TypeOptions {
  /** Return at the end. */
  enter?: boolean;
  /** Milliseconds between two characters, in place of what control characters are apart. */
  delayMs?: number | undefined;
  /** What is done before, while nobody else types: to give a thing the focus. */
  first?: (() => Promise<void>) | undefined;
}

interface PressOptions {
  repeat?: number;
  /** How long each chord is held down, in milliseconds. */
  holdMs?: number;
  /** Milliseconds between two chords, in place of what they are apart. */
  delayMs?: number | undefined;
}

export interface Input {
  /** Types text into the focused window, byte for byte. */
  type(session: string, text: string, options?: TypeOptions, signal?: AbortSignal): Promise<Typed>;
  /** Presses chords in order; none when one of them is no key. */
  press(
    session: string,
    chords: readonly string[],
    options?: PressOptions,
    signal?: AbortSignal,
  ): Promise<{ keys: string[] }>;
  /** Where a terminal will be once it has received keys that are on their way to it; null: none are. */
  underway(session: string): FocusedTerminal | null;
}

/** Keyboards of all sessions. What goes to one session goes one after the other. */
export function createInput(
  dependencies: InputDependencies,
  turns: Pick<Turns, "run"> = new Turns(),
): Input {
  return new SessionInput(dependencies, turns);
}

class SessionInput implements Input {
  /** Where terminals will be once they have received keys that did not come in time. */
  private readonly late = new Map<string, FocusedTerminal & { since: number }>();

  private readonly spacing: Spacing;

  constructor(
    private readonly its: InputDependencies,
    private readonly turns: Pick<Turns, "run">,
  ) {
    this.spacing = new Spacing(its.runner);
  }

  async type(
    session: string,
    text: string,
    options: TypeOptions = {},
    signal?: AbortSignal,
  ): Promise<Typed> {
    if (!text.isWellFormed()) {
      throw new NexoraError("usage", "the text contains half a surrogate pair; nothing was typed", {
        hint: "send whole characters, as UTF-8",
      });
    }
    const characters = [...text].length;
    const keys = options.enter ? `${text}\r` : text;
    const send = async () => {
      await options.first?.();
      return this.send(session, keys, options.delayMs, signal);
    };
    return { characters, ...(await this.turns.run(session, send, signal)) };
  }

  async press(
    session: string,
    names: readonly string[],
    options: PressOptions = {},
    signal?: AbortSignal,
  ): Promise<{ keys: string[] }> {
    const chords = names.map(parseChord);
    const all = Array.from({ length: options.repeat ?? 1 }, () => chords).flat();
    await this.turns.run(session, () => this.sendChords(session, all, options, signal), signal);
    return { keys: chords.map((chord) => chord.canonical) };
  }

  underway(session: string): FocusedTerminal | null {
    const late = this.late.get(session);
    // Later they do not come: they may be some that the terminal emulator keeps for itself.
    return late && performance.now() - late.since < stalledMs.late ? late : null;
  }

  private async send(
    session: string,
    text: string,
    delayMs: number | undefined,
    signal?: AbortSignal,
  ): Promise<Pick<Typed, "path" | "delivered">> {
    const { runner, displays } = this.its;
    const { terminal, graphical } = await focusOf(runner, session, signal);
    const steps = piecesOf(text, delayMs).map(({ text, isKey }) => ({
      text,
      isKey,
      isEscape: text === "\x1b",
      bytes: textBytes(text),
    }));
    const going = { session, terminal, delayMs, stalled: stalledMs.text, signal };
    if (terminal && !isAscii(text)) {
      await this.awaitLate(session, terminal, signal);
      const write = ({ bytes }: Step) => writeTo(runner, session, terminal.id, bytes, signal);
      await this.inTurn(going, steps, write);
      return { path: "terminal", delivered: true };
    }
    const typed = steps.map((step) => ({ ...step, strokes: textStrokes(step.text) }));
    using lease = await displays.acquire(session, signal);
    let path: Typed["path"] = "keys";
    const arrived = await this.inTurn(going, typed, async ({ strokes }) => {
      const way = await sendStrokes(lease.display, strokes, { announce: graphical }, signal);
      if (way === "keys-paced") path = way;
    });
    return { path, delivered: arrived };
  }

  private async sendChords(
    session: string,
    chords: readonly Chord[],
    { holdMs = 0, delayMs }: PressOptions,
    signal?: AbortSignal,
  ): Promise<void> {
    const { runner, displays } = this.its;
    const { terminal, graphical } = await focusOf(runner, session, signal);
    using lease = await displays.acquire(session, signal);
    const steps = chords.map((chord) => {
      const bytes = chordBytes(chord) ?? "";
      return { chord, isKey: true, isEscape: bytes === "\x1b", bytes };
    });
    const going = { session, terminal, delayMs, stalled: stalledMs.chord, signal };
    await this.inTurn(going, steps, async ({ chord }) => {
      if (holdMs > 0) await holdStrokes(lease.display, [chord], holdMs, signal);
      else await sendStrokes(lease.display, [chord], { announce: graphical }, signal);
    });
  }

  /** Sends one step after the other, apart as they must be; whether the terminal has received all. */
  private async inTurn<S extends Step>(
    { session, terminal, delayMs, stalled, signal }: Going,
    steps: readonly S[],
    send: (step: S) => Promise<void>,
  ): Promise<boolean | null> {
    let arrived: boolean | null = terminal && true;
    let sent = 0;
    for (const [at, step] of steps.entries()) {
      const now =
        terminal && arrived ? { ...terminal, inputBytes: terminal.inputBytes + sent } : null;
      if (delayMs !== undefined && at > 0) await pause(delayMs, signal);
      else await this.spacing.before(session, step, now, signal);
      await send(step);
      sent += Buffer.byteLength(step.bytes);
      // What has not come in time is looked for once more at the end.
      if ((arrived && delayMs !== 0) || at === steps.length - 1) {
        arrived = await this.arrival(session, terminal, sent, stalled, signal);
      }
      this.spacing.sent(session, step);
    }
    return arrived;
  }

  /** Whether the terminal has received the bytes in time; what it has not is remembered. */
  private async arrival(
    session: string,
    terminal: FocusedTerminal | null,
    bytes: number,
    stalled: number,
    signal?: AbortSignal,
  ): Promise<boolean | null> {
    if (!terminal) return null;
    if (bytes === 0) return true;
    const arrived = await delivered(this.its.runner, session, terminal, bytes, stalled, signal);
    const { id, inputBytes } = terminal;
    if (arrived === false) {
      this.late.set(session, { id, inputBytes: inputBytes + bytes, since: performance.now() });
    } else this.late.delete(session);
    return arrived;
  }

  /** Text that takes the terminal's own way must not overtake keys, whose way is longer. */
  private async awaitLate(
    session: string,
    now: FocusedTerminal,
    signal?: AbortSignal,
  ): Promise<void> {
    const late = this.late.get(session);
    this.late.delete(session);
    const missing = late?.id === now.id ? late.inputBytes - now.inputBytes : 0;
    if (missing > 0) {
      await delivered(this.its.runner, session, now, missing, stalledMs.late, signal);
    }
  }
}

/** What is sent at once. */
interface Step extends Key {
  /** What a terminal receives of it. */
  bytes: string;
}

/** Where steps go, and how. */
interface Going {
  session: string;
  terminal: FocusedTerminal | null;
  delayMs: number | undefined;
  /** How long the terminal may go without a further byte, in milliseconds. */
  stalled: number;
  signal: AbortSignal | undefined;
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
