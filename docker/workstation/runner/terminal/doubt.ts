/** How often to look, in milliseconds: no event tells that a shell waits for input. */
const lookMs = 5;

/** What tells whether a shell has read what was typed ahead. */
export interface Reader {
  /** It has read all that was typed, and waits for more. */
  waits(): boolean;
  /** The prompt is still there, and in doubt. */
  inDoubt(): boolean;
}

/**
 * Resolves with true when a shell has read all that was typed before its prompt came, and waits for
 * more; with false when it runs another command first.
 */
export async function waitsForInput(shell: Reader): Promise<boolean> {
  while (shell.inDoubt()) {
    if (shell.waits()) return true;
    await Bun.sleep(lookMs);
  }
  return false;
}
