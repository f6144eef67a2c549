import { type Chord, parseChord } from "../../../src/keys/chord.ts";
import { modifierKeysyms } from "../../../src/keys/names.ts";
import type { PageLink } from "./page-link.ts";
import { type WebKey, webKey } from "./web-key.ts";

/** Bits of CDP's `modifiers`. */
const modifierBits = { alt: 1, ctrl: 2, super: 4, shift: 8 } as const;
export type ModifierName = keyof typeof modifierBits;

/** The modifiers of a chord. */
function modifiersOf({ modifiers }: Chord): ModifierName[] {
  const names = Object.keys(modifierBits) as ModifierName[];
  return names.filter((name) => modifiers.includes(modifierKeysyms[name]));
}

/** Presses chords in a page, as its window would if it had the focus. Throws `usage` before anything is pressed. */
export async function pressChords(
  page: PageLink,
  chords: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const parsed = chords.map(parseChord);
  for (const chord of parsed) await pressChord(page, chord, signal);
  return parsed.map(({ canonical }) => canonical);
}

async function pressChord(page: PageLink, chord: Chord, signal: AbortSignal): Promise<void> {
  const held = modifiersOf(chord);
  await holding(page, held, signal, async (modifiers) => {
    const { text, ...key } = webKey(chord.keysym);
    const writes = text !== undefined && held.every((name) => name === "shift");
    await sendKey(
      page,
      writes ? "keyDown" : "rawKeyDown",
      key,
      modifiers,
      signal,
      writes ? text : undefined,
    );
    await sendKey(page, "keyUp", key, modifiers, signal);
  });
}

/** Keeps modifiers down meanwhile; they are up again when it ends, however. */
export async function holding<T>(
  page: PageLink,
  held: readonly ModifierName[],
  signal: AbortSignal,
  act: (modifiers: number) => Promise<T>,
): Promise<T> {
  let bits = 0;
  const down: ModifierName[] = [];
  try {
    for (const name of held) {
      bits |= modifierBits[name];
      down.push(name);
      await sendKey(page, "rawKeyDown", webKey(modifierKeysyms[name]), bits, signal);
    }
    return await act(bits);
  } finally {
    for (const name of down.reverse()) {
      bits &= ~modifierBits[name];
      const up = sendKey(page, "keyUp", webKey(modifierKeysyms[name]), bits, page.signal);
      if (signal.aborted) up.catch(() => {});
      else await up;
    }
  }
}

async function sendKey(
  page: PageLink,
  type: "keyDown" | "rawKeyDown" | "keyUp",
  { key, code, keyCode }: WebKey,
  modifiers: number,
  signal: AbortSignal,
  text?: string,
): Promise<void> {
  await page.send(
    "Input.dispatchKeyEvent",
    {
      type,
      key,
      code,
      modifiers,
      windowsVirtualKeyCode: keyCode,
      nativeVirtualKeyCode: keyCode,
      ...(code.startsWith("Numpad") ? { location: 3, isKeypad: true } : {}),
      ...(text === undefined ? {} : { text, unmodifiedText: text }),
    },
    { signal },
  );
}
