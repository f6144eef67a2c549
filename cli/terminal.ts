/** The size of this process's terminal in cells. */
export function terminalSize(): { columns: number; rows: number } {
  return { columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 };
}

/** Calls back at every change of the terminal's size; returns what ends that. */
export function onResize(changed: () => void): () => void {
  process.on("SIGWINCH", changed);
  return () => process.off("SIGWINCH", changed);
}

/**
 * Puts the terminal into raw mode: keys come as bytes at once, ctrl+c among them. Returns what
 * restores it, which also happens when the process ends in any other way.
 */
export function enterRawMode(): () => void {
  process.stdin.setRawMode(true);
  const restore = () => {
    process.stdin.setRawMode(false);
    process.off("exit", restore);
  };
  process.on("exit", restore);
  return restore;
}
