import { NexoraError } from "../../src/contract/errors.ts";
import { chordBytes, textBytes } from "../../src/keys/bytes.ts";
import { type Chord, parseChord } from "../../src/keys/chord.ts";
import type { Displays } from "../display/types.ts";
import { KeyedQueue } from "../keyed-queue.ts";
import type { RunnerClient } from "../runner/client.ts";
import { holdStrokes, sendStrokes } from "./keyboard.ts";
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

export interface Input {
  /** Types text into the focused window, byte for byte; after it Return with `enter`. */
  type(
    session: string,
    text: string,
    options?: { enter?: boolean },
    signal?: AbortSignal,
  ): Promise<Typed>;
  /** Presses chords in order; none when one of them is no key. */
  press(
    session: string,
    chords: readonly string[],
    options?: { repeat?: number; holdMs?: number },
    signal?: AbortSignal,
  ): Promise<{ keys: string[] }>;
}

/** Keyboards of all sessions. What goes to one session goes one after the other. */
export function createInput(dependencies: InputDependencies): Input {
  return new SessionInput(dependencies);
}

class SessionInput implements Input {
  private readonly queue = new KeyedQueue();
  /** Where terminals will be once they have received keys that did not come in time. */
  private readonly late = new Map<string, FocusedTerminal>();

  constructor(private readonly its: InputDependencies) {}

  async type(
    session: string,
    text: string,
    options: { enter?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<Typed> {
    if (!text.isWellFormed()) {
      throw new NexoraError("usage", "the text contains half a surrogate pair; nothing was typed", {
        hint: "send whole characters, as UTF-8",
      });
    }
    const characters = [...text].length;
    const keys = options.enter ? `${text}\r` : text;
    const sent = await this.queue.run(session, () => this.send(session, keys, signal), signal);
    return { characters, ...sent };
  }

  async press(
    session: string,
    names: readonly string[],
    options: { repeat?: number; holdMs?: number } = {},
    signal?: AbortSignal,
  ): Promise<{ keys: string[] }> {
    const chords = names.map(parseChord);
    const all = Array.from({ length: options.repeat ?? 1 }, () => chords).flat();
    const send = () => this.sendChords(session, all, options.holdMs ?? 0, signal);
    await this.queue.run(session, send, signal);
    return { keys: chords.map((chord) => chord.canonical) };
  }

  private async send(
    session: string,
    text: string,
    signal?: AbortSignal,
  ): Promise<Pick<Typed, "path" | "delivered">> {
    const { runner, displays } = this.its;
    const { terminal, graphical } = await focusOf(runner, session, signal);
    const bytes = textBytes(text);
    if (terminal && !isAscii(bytes)) {
      await this.awaitLate(session, terminal, signal);
      await writeTo(runner, session, terminal.id, bytes, signal);
      return { path: "terminal", delivered: true };
    }
    const strokes = textStrokes(text);
    using lease = await displays.acquire(session, signal);
    const path = await sendStrokes(lease.display, strokes, { announce: graphical }, signal);
    const arrived = await this.arrival(session, terminal, bytes.length, stalledMs.text, signal);
    return { path, delivered: arrived };
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
    if (arrived === false) this.late.set(session, { id, inputBytes: inputBytes + bytes });
    else this.late.delete(session);
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

  private async sendChords(
    session: string,
    chords: readonly Chord[],
    holdMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const { runner, displays } = this.its;
    const { terminal, graphical } = await focusOf(runner, session, signal);
    using lease = await displays.acquire(session, signal);
    if (holdMs > 0) await holdStrokes(lease.display, chords, holdMs, signal);
    else await sendStrokes(lease.display, chords, { announce: graphical }, signal);
    const bytes = Buffer.byteLength(chords.map((chord) => chordBytes(chord) ?? "").join(""));
    await this.arrival(session, terminal, bytes, stalledMs.chord, signal);
  }
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
