/** Time between SIGTERM and SIGKILL. */
const graceMs = 500;

/** Sends a signal to a process group; a group that has ended is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {}
}

/** Ends a whole process group: SIGTERM, and SIGKILL for what is left after a short grace. */
export function endGroup(leader: number): void {
  signalGroup(leader, "SIGTERM");
  setTimeout(() => signalGroup(leader, "SIGKILL"), graceMs);
}
