import { after, within } from "../../src/abort.ts";
import { asNexoraError } from "../../src/contract/errors.ts";
import { modifierKeysyms } from "../../src/keys/names.ts";
import type { Display } from "../display/types.ts";
import { batches, burst, paced } from "./batches.ts";
import { whenPainted } from "./painted.ts";
import { downEvents, inKeymap, type Stroke, strokeEvents, upEvents } from "./strokes.ts";

/** How long pixels rest when a terminal has painted, in milliseconds: it paints at once. */
const terminalQuietMs = 10;
/** The same for others, which paint frame by frame, one in 17 ms. */
const graphicalQuietMs = 40;

export interface SendOptions {
  /** Announce new keys under Ctrl: to windows for which such a chord is no text, as for terminals. */
  announce: boolean;
}

/**
 * Sends strokes in batches, each of which leaves no key down, and says which way they went:
 * at once what the keymap has, else confirmed batch by batch.
 */
export async function sendStrokes(
  display: Display,
  strokes: readonly Stroke[],
  options: SendOptions,
  signal?: AbortSignal,
): Promise<"keys" | "keys-paced"> {
  if (!strokes.every((stroke) => inKeymap(stroke.keysym))) {
    await sendPaced(display, strokes, options, signal);
    return "keys-paced";
  }
  for (const batch of batches(strokes, burst)) await send(display, batch, signal);
  return "keys";
}

/**
 * A key that the keymap lacks gets a keycode as it goes down. Chromium and GTK learn of that a
 * moment too late for this very key, so it is announced: pressed under Ctrl, where it types
 * nothing, while they are busy with the batch before.
 */
async function sendPaced(
  display: Display,
  strokes: readonly Stroke[],
  { announce }: SendOptions,
  signal?: AbortSignal,
): Promise<void> {
  const all = [...batches(strokes, paced)];
  const quietMs = announce ? graphicalQuietMs : terminalQuietMs;
  const sendPainted = (events: readonly Stroke[]) =>
    whenPainted(display, () => send(display, events, signal), quietMs, signal);
  const announced = (batch: readonly Stroke[] = []) => (announce ? announcement(batch) : []);
  if (announce) await sendPainted(announced(all[0]));
  for (const [at, batch] of all.entries()) {
    await sendPainted([...batch, ...announced(all[at + 1])]);
  }
}

function announcement(batch: readonly Stroke[]): Stroke[] {
  const added = new Set(batch.map(({ keysym }) => keysym).filter((it) => !inKeymap(it)));
  return [...added].map((keysym) => ({ modifiers: [modifierKeysyms.ctrl], keysym }));
}

async function send(
  display: Display,
  strokes: readonly Stroke[],
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) throw asNexoraError(signal.reason);
  display.keys(strokeEvents(strokes));
  await display.sync(signal);
}

/** Holds each stroke down for `holdMs`, one after the other; an abort lets go at once. */
export async function holdStrokes(
  display: Display,
  strokes: readonly Stroke[],
  holdMs: number,
  signal?: AbortSignal,
): Promise<void> {
  for (const stroke of strokes) {
    if (signal?.aborted) throw asNexoraError(signal.reason);
    const { promise: held, resolve } = Promise.withResolvers<void>();
    display.keys(downEvents(stroke));
    const cancel = after(holdMs, resolve);
    try {
      await within(held, signal);
    } finally {
      cancel();
      display.keys(upEvents(stroke));
    }
  }
  await display.sync(signal);
}
