import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunnerRecording } from "../../../../src/runner/record.ts";
import { homeDirectory, runDirectory } from "../account.ts";

export const recordingsFolder = join(homeDirectory, "recordings");
const file = join(runDirectory, "recordings.json");

export type RecordingFacts = Omit<RunnerRecording, "bytes">;

/** What a runner must know of the recordings of those before it. */
interface Written {
  /** Number of the last recording: none has the same again. */
  last: number;
  recordings: RecordingFacts[];
}

/** The recordings that were begun since the session's start, by whatever runner. */
export function readJournal(): Written {
  try {
    const { last, recordings } = JSON.parse(readFileSync(file, "utf8")) as Written;
    if (Number.isSafeInteger(last) && recordings.every(isRecording)) return { last, recordings };
  } catch {
    // The first runner of a session, or a program of the user's has spoiled it.
  }
  return { last: lastNumberOfFiles(), recordings: [] };
}

/** Throws what the system says. */
export function writeJournal(written: Written): void {
  const aside = `${file}.new`;
  writeFileSync(aside, JSON.stringify(written), { mode: 0o600 });
  renameSync(aside, file);
}

/** Of the recordings that were made before the session was started again, and are still there. */
function lastNumberOfFiles(): number {
  try {
    const names = readdirSync(recordingsFolder);
    return Math.max(0, ...names.map((name) => Number(/-r(\d{1,8})\.\w+$/.exec(name)?.[1] ?? 0)));
  } catch {
    return 0; // There is no such folder yet.
  }
}

function isRecording(value: unknown): value is RecordingFacts {
  const { id, kind, path, startedAt } = (value ?? {}) as Partial<RecordingFacts>;
  const isKnown = kind === "desktop" || kind === "terminal";
  const isFile = typeof path === "string" && path.startsWith(`${recordingsFolder}/`);
  return isKnown && isFile && /^r\d+$/.test(String(id)) && typeof startedAt === "string";
}
