import { asNexoraError } from "../../src/contract/errors.ts";
import type { Driver, WorkstationRef } from "../drivers/driver.ts";
import type { SessionRow } from "../store/sessions.ts";
import { type Directory, refOf } from "./directory.ts";

/** Lines of its log that an ended session keeps. */
const tailLines = 100;
const tailMs = 10_000;

/** The end of an ended workstation's log; says so when it cannot be read. */
export async function logTailOf(
  driver: Pick<Driver, "logs">,
  ref: WorkstationRef,
): Promise<string> {
  const lines: string[] = [];
  try {
    const options = { tail: tailLines, follow: false };
    for await (const line of driver.logs(ref, options, AbortSignal.timeout(tailMs))) {
      lines.push(line);
    }
  } catch (error) {
    lines.push(`(the log could not be read: ${asNexoraError(error).message})`);
  }
  return lines.join("\n");
}

/**
 * What a session's programs wrote, as lines: of a running one as they come, of an ended one from
 * the workstation that was kept, else the tail that the session keeps.
 */
export async function* sessionLog(
  parts: { driver: Pick<Driver, "logs">; directory: Pick<Directory, "peek"> },
  row: SessionRow,
  options: { tail: number; follow: boolean },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const live = parts.directory.peek(row.id);
  if (live) return yield* parts.driver.logs(live.ref, options, signal);
  let told = false;
  if (row.handle !== null) {
    try {
      for await (const line of parts.driver.logs(refOf(row), options, signal)) {
        told = true;
        yield line;
      }
      return;
    } catch (error) {
      if (told || row.logTail === null) throw error;
    }
  }
  const kept = (row.logTail ?? "").split("\n");
  yield* options.tail === 0 ? [] : kept.slice(-options.tail);
}
