/** How long a shell must rest, in milliseconds: no event tells that it waits for input. */
const restMs = 5;

/** What tells whether a shell has read what was typed ahead. */
export interface Reader {
  /** Bytes typed that no program has read. */
  unread(): number;
  /** The program in the foreground computes, rather than waits. */
  isBusy(): boolean;
  /** Grows with every change of the screen. */
  seq(): number;
  /** The prompt is still there, and in doubt. */
  inDoubt(): boolean;
}

/**
 * Resolves with true when a shell has read all that was typed before its prompt came, has shown
 * nothing since and waits for more; with false when it runs another command first.
 */
export async function waitsForInput(shell: Reader): Promise<boolean> {
  const rests = () => shell.unread() === 0 && !shell.isBusy();
  while (shell.inDoubt()) {
    const seq = shell.seq();
    const rested = rests();
    await Bun.sleep(restMs);
    if (rested && rests() && shell.inDoubt() && shell.seq() === seq) return true;
  }
  return false;
}
