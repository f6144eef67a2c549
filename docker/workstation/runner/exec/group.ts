import { processes, statFields } from "../proc.ts";

/** Time between SIGTERM and SIGKILL, in milliseconds. */
const graceMs = 500;
/** How often the end is looked for, in milliseconds: of processes that are no children no event tells. */
const pollMs = 20;
/** How long processes that nothing ends (they wait in the kernel) are waited for, in milliseconds. */
const patienceMs = 2_000;

/** Sends a signal to a process group; a group that has ended is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {}
}

/**
 * Ends all that a command has started and that can be found by it: every process group in the
 * session that its first process leads, so also a shell's background jobs. SIGTERM, and SIGKILL
 * after a short grace to what is left. Resolves when nothing is.
 */
export async function endSession(leader: number): Promise<void> {
  const started = performance.now();
  for (const group of groupsIn(leader)) signalGroup(group, "SIGTERM");
  for (;;) {
    const left = groupsIn(leader);
    const passed = performance.now() - started;
    if (left.length === 0 || passed > patienceMs) return;
    if (passed >= graceMs) for (const group of left) signalGroup(group, "SIGKILL");
    await Bun.sleep(pollMs);
  }
}

/** The process groups of a session that have a living member. */
function groupsIn(session: number): number[] {
  const groups = new Set<number>();
  for (const pid of processes()) {
    const [state, , group, itsSession] = statFields(pid);
    if (Number(itsSession) === session && !/^[ZX]/.test(state ?? "")) groups.add(Number(group));
  }
  return [...groups];
}
