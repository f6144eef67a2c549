import type { WorkstationState } from "../drivers/driver.ts";
import type { SessionRow } from "../store/sessions.ts";

/** Why a session ends: the event that tells of it, and the words for people. */
export interface Ending {
  type: "stopped" | "exited" | "expired";
  reason: string;
}

/** The reason of a session that its owner stopped. */
export const requestedReason = "stopped by request";
/** How the reason of a session that ended by its limits of time begins. */
export const expiredPrefix = "expired: ";
/** How the reason of a session that died too often to be brought back begins. */
export const givenUpPrefix = "given up: ";
/** How the reason of a session whose start failed begins. */
export const notStartedPrefix = "it did not start: ";
/** The reason of a session whose daemon died while it was started. */
export const interruptedReason = "its start was interrupted";

/** What an interrupted end was about. Of what died by itself, the time of its end is known first. */
export function endingOf({ reason, endedAt }: Pick<SessionRow, "reason" | "endedAt">): Ending {
  if (endedAt !== null) return { type: "exited", reason: reason ?? whyEnded(null) };
  const type = reason?.startsWith(expiredPrefix) ? "expired" : "stopped";
  return { type, reason: reason ?? requestedReason };
}

/** Whether its last start is what failed. */
export function didNotComeUp({ reason }: Pick<SessionRow, "reason">): boolean {
  return (reason?.startsWith(notStartedPrefix) ?? false) || reason === interruptedReason;
}

/** Words of a reason that may have nothing to do with the session: a reboot, for example. */
const fromOutside = "from outside or by the engine's restart";

/**
 * Whether it ended by itself: such a session is reaped when its retention is over. What somebody
 * stopped, a reboot ended, or could not be started, is its owner's to start again.
 */
export function endedByItself({ state, reason }: Pick<SessionRow, "state" | "reason">): boolean {
  if (state === "failed") return !reason?.includes(fromOutside) && !didNotComeUp({ reason });
  if (state !== "stopped" || reason === null) return false;
  return reason.startsWith(expiredPrefix) || reason.startsWith(givenUpPrefix);
}

/** Exit codes above this are 128 + the number of a signal (bash(1), EXIT STATUS). */
const signalBase = 128;

/** Why a workstation does not run, for people; null: the engine does not know it. */
export function whyEnded(state: Pick<WorkstationState, "exitCode" | "oomKilled"> | null): string {
  if (!state) return "its workstation is gone from the engine";
  const code = state.exitCode;
  const killed = code === signalBase + 9;
  // The engine remembers a process that the kernel killed long ago, too.
  if (state.oomKilled && killed)
    return "it ran out of memory and was killed (give the next one more)";
  if (killed) return `its workstation was killed (SIGKILL), ${fromOutside}`;
  if (code === signalBase + 15 || code === 0) {
    return `its workstation was told to end, ${fromOutside}`;
  }
  if (code === signalBase + 6) {
    return "its runner aborted, most likely because no process was left to it (give the next one more)";
  }
  return code === null
    ? "its workstation never ran"
    : `its workstation ended with exit code ${code}`;
}
