/**
 * Whether a file descriptor is a terminal. Loads `node:tty` (4 ms, half of what a short command
 * takes) only for a character device: pipes and files, which scripts have, need no such look.
 */
export function isTerminal(descriptor: number): boolean {
  const { fstatSync } = process.getBuiltinModule("node:fs");
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    // Closed, as `2>&-` leaves it.
    return false;
  }
  return process.getBuiltinModule("node:tty").isatty(descriptor);
}
