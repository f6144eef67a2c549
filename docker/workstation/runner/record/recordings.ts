import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { within } from "../../../../src/abort.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerRecord, RunnerRecording } from "../../../../src/runner/record.ts";
import { messageOf } from "../../../../src/thrown.ts";
import { homeDirectory } from "../account.ts";
import type { SharedTerminal } from "../terminal/terminal.ts";
import { startCast } from "./cast.ts";
import { startFilm } from "./film.ts";
import type { Take } from "./take.ts";

const folder = join(homeDirectory, "recordings");
/** Recordings at a time: an encoder takes half a core. */
const mostAtOnce = 4;
/** Recordings that are remembered. */
const mostKept = 1000;

type Facts = Omit<RunnerRecording, "bytes">;

/** What is recorded, and was since the runner began. Its files are the user's, in his home. */
export class Recordings {
  private readonly all = new Map<string, { facts: Facts; take: Take }>();
  private made = 0;

  constructor(
    private readonly parts: {
      env: Record<string, string>;
      /** The terminal that has the focus. */
      terminal: () => SharedTerminal | null;
    },
  ) {}

  /** Throws `conflict` when there are too many, `action_failed` when it cannot be. */
  start({ kind, ...limits }: RunnerRecord): RunnerRecording {
    const { env, terminal } = this.parts;
    const running = [...this.all.values()].filter(({ facts }) => facts.ended === null);
    if (running.length >= mostAtOnce) {
      throw new NexoraError("conflict", `${mostAtOnce} recordings go on already`);
    }
    const id = `r${++this.made}`;
    const startedAt = new Date().toISOString();
    const ending = kind === "desktop" ? "webm" : "cast";
    const path = join(folder, `${startedAt.slice(0, 19).replaceAll(":", "-")}-${id}.${ending}`);
    const take = orSayWhy(() => {
      mkdirSync(folder, { recursive: true });
      if (kind === "desktop") return startFilm(path, limits, env);
      return startCast(path, limits, shown(terminal()), env);
    });
    const facts: Facts = { id, kind, path, startedAt, endedAt: null, ended: null, error: null };
    this.all.set(id, { facts, take });
    void take.ended.then(({ why, error }) => {
      Object.assign(facts, { endedAt: new Date().toISOString(), ended: why, error });
    });
    const ended = [...this.all].find(([, each]) => each.facts.ended !== null);
    if (this.all.size > mostKept && ended) this.all.delete(ended[0]);
    return told(facts);
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
    return last;
  }

  /** Ends all, when the workstation does. */
  async close(): Promise<void> {
    await Promise.all(this.list().map(({ id }) => this.stop(id)));
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

function told(facts: Facts): RunnerRecording {
  return { ...facts, bytes: statSync(facts.path, { throwIfNoEntry: false })?.size ?? 0 };
}

/** What the system refuses is told in its own words. */
function orSayWhy<T>(start: () => T): T {
  try {
    return start();
  } catch (cause) {
    if (cause instanceof NexoraError) throw cause;
    const why = messageOf(cause);
    throw new NexoraError("action_failed", `the recording cannot be started: ${why}`, { cause });
  }
}
