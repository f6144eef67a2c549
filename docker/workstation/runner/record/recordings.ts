import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { within } from "../../../../src/abort.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerRecord, RunnerRecording } from "../../../../src/runner/record.ts";
import { messageOf } from "../../../../src/thrown.ts";
import type { SharedTerminal } from "../terminal/terminal.ts";
import { startCast } from "./cast.ts";
import { startFilm } from "./film.ts";
import { type RecordingFacts, readJournal, recordingsFolder, writeJournal } from "./journal.ts";
import type { Ending, Take } from "./take.ts";

/** Recordings at a time: an encoder takes half a core. */
const mostAtOnce = 4;
/** Recordings that are remembered. */
const mostKept = 1000;

/** Of what a runner that has died was recording. */
const orphaned: Ending = {
  why: "failed",
  error: "the workstation's runner has died: the file has what was recorded until then",
};

/** What is recorded, and was since the session's start. Its files are the user's, in his home. */
export class Recordings {
  private readonly all = new Map<string, { facts: RecordingFacts; take: Take }>();
  private last: number;

  constructor(
    private readonly parts: {
      env: Record<string, string>;
      /** The terminal that has the focus. */
      terminal: () => SharedTerminal | null;
    },
  ) {
    const { last, recordings } = readJournal();
    this.last = last;
    for (const facts of recordings) {
      if (facts.ended === null) end(facts, orphaned);
      const { ended, error } = facts;
      const ending = Promise.resolve({ why: ended ?? orphaned.why, error });
      this.all.set(facts.id, { facts, take: { ended: ending, stop: async () => {} } });
    }
  }

  /** Throws `conflict` when there are too many, `action_failed` when it cannot be. */
  start({ kind, ...limits }: RunnerRecord): RunnerRecording {
    const { env, terminal } = this.parts;
    const running = [...this.all.values()].filter(({ facts }) => facts.ended === null);
    if (running.length >= mostAtOnce) {
      throw new NexoraError("conflict", `${mostAtOnce} recordings go on already`);
    }
    const id = `r${++this.last}`;
    const startedAt = new Date().toISOString();
    const ending = kind === "desktop" ? "webm" : "cast";
    const path = join(
      recordingsFolder,
      `${startedAt.slice(0, 19).replaceAll(":", "-")}-${id}.${ending}`,
    );
    const facts: RecordingFacts = {
      ...{ id, kind, path, startedAt, endedAt: null, ended: null, error: null },
    };
    const take = this.begin(facts, () => {
      if (kind === "desktop") return startFilm(path, limits, env);
      return startCast(path, limits, shown(terminal()), env);
    });
    this.all.set(id, { facts, take });
    void take.ended.then((ending) => {
      end(facts, ending);
      this.write();
    });
    const ended = [...this.all].find(([, each]) => each.facts.ended !== null);
    if (this.all.size > mostKept && ended) this.all.delete(ended[0]);
    return told(facts);
  }

  /** Writes it down first: a runner that dies meanwhile has not recorded what nobody knows of. */
  private begin(facts: RecordingFacts, start: () => Take): Take {
    try {
      mkdirSync(recordingsFolder, { recursive: true });
      this.write(facts);
      return start();
    } catch (cause) {
      this.write();
      if (cause instanceof NexoraError) throw cause;
      // What the system refuses is told in its own words.
      const why = messageOf(cause);
      throw new NexoraError("action_failed", `the recording cannot be started: ${why}`, { cause });
    }
  }

  list(): RunnerRecording[] {
    return [...this.all.values()].map(({ facts }) => told(facts));
  }

  /** As it is, or with `wait` as it has become. */
  async show(id: string, wait: boolean, signal: AbortSignal): Promise<RunnerRecording> {
    const { facts, take } = this.find(id);
    if (wait) await within(take.ended, signal);
    return told(facts);
  }

  async stop(id: string): Promise<RunnerRecording> {
    const { facts, take } = this.find(id);
    if (facts.ended === null) await take.stop();
    return told(facts);
  }

  async remove(id: string): Promise<RunnerRecording> {
    const last = await this.stop(id);
    rmSync(last.path, { force: true });
    this.all.delete(id);
    this.write();
    return last;
  }

  /** Ends all, when the workstation does. */
  async close(): Promise<void> {
    await Promise.all(this.list().map(({ id }) => this.stop(id)));
  }

  /** For the runner after this one. */
  private write(begun?: RecordingFacts): void {
    const known = [...this.all.values()].map(({ facts }) => facts);
    try {
      writeJournal({ last: this.last, recordings: begun ? [...known, begun] : known });
    } catch (error) {
      if (begun) throw error;
    }
  }

  private find(id: string) {
    const found = this.all.get(id);
    if (found) return found;
    throw new NexoraError("not_found", `there is no recording ${id}`);
  }
}

function shown(terminal: SharedTerminal | null): SharedTerminal {
  if (terminal) return terminal;
  throw new NexoraError("action_failed", "there is no terminal to record");
}

function end(facts: RecordingFacts, { why, error }: Ending): void {
  Object.assign(facts, { endedAt: new Date().toISOString(), ended: why, error });
}

function told(facts: RecordingFacts): RunnerRecording {
  return { ...facts, bytes: statSync(facts.path, { throwIfNoEntry: false })?.size ?? 0 };
}
