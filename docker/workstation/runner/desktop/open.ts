import { randomUUID } from "node:crypto";
import { after, deadline, withinTime } from "../../../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../../../src/contract/errors.ts";
import { exactDuration } from "../../../../src/duration.ts";
import type {
  RunnerManagedWindow,
  RunnerOpen,
  RunnerOpened,
} from "../../../../src/runner/windows.ts";
import { messageOf } from "../../../../src/thrown.ts";
import { yieldingMemory } from "../exec/oom.ts";
import { readProcess, statFields } from "../proc.ts";
import type { ManagedWindows } from "./managed-windows.ts";
import { type Opening, openingOf } from "./opening.ts";

/** In the environment of all that an opened program starts: its windows are known by it. */
const mark = "NEXORA_OPENED";
/** Longest wait for a window of others once what was started has ended well, in milliseconds. */
const handedOverMs = 5_000;
/** How long the last words of a program that has ended may take to be read, in milliseconds. */
const lastWordsMs = 1_000;
/** Longest name of a target in a message, in characters. */
const longestName = 200;

export interface OpenerParts {
  windows: Pick<ManagedWindows, "list" | "nextChange" | "processOf">;
  env: Record<string, string>;
  /** Aborts when the workstation ends, and with it what was opened. */
  stop: AbortSignal;
}

/** What was started. */
interface Opened {
  pid: number;
  marker: string;
  /** Null while it runs. */
  ending: number | NodeJS.Signals | null;
  ended: Promise<void>;
  /** What it has written last. */
  lastWords: string;
}

/**
 * Runs the program that follows, in this process. What it writes is taken by a process of its own, which
 * keeps the end of it: a runner that dies takes no program with it (SIGPIPE).
 */
const keepingLastWords = ["/bin/bash", "-c", 'exec "$@" > >(exec tail -c 2000) 2>&1', "nexora"];

/** Opens URLs, files and programs, and knows their windows when they come. */
export class Opener {
  constructor(private readonly parts: OpenerParts) {}

  /**
   * Resolves when its window is there. Throws `action_failed` when it cannot be started, or ends
   * without one; `timeout` when none comes: it is left running.
   */
  async open({ target, withinMs }: RunnerOpen, signal: AbortSignal): Promise<RunnerOpened> {
    const { windows, env } = this.parts;
    const name = JSON.stringify(target.join(" ").slice(0, longestName));
    const opening = await openingOf(target, env);
    const before = new Set((await windows.list()).windows.map(({ id }) => id));
    const program = this.start(opening, name);
    const giveUp = new AbortController();
    void program.ended.then(() => {
      // A program that runs already may have been told to open it.
      after(program.ending === 0 ? handedOverMs : 0, () => giveUp.abort());
    });
    const until = AbortSignal.any([deadline(withinMs, signal), giveUp.signal]);
    for (;;) {
      // Before the look: a change during it ends the wait after it.
      const changed = windows.nextChange(until);
      const fresh = (await windows.list()).windows.filter(({ id }) => !before.has(id));
      const window = await this.itsWindow(program, fresh);
      if (window) return { kind: opening.kind, command: opening.command, pid: program.pid, window };
      if (signal.aborted) throw asNexoraError(signal.reason);
      if (until.aborted) throw noWindow(name, program, withinMs);
      await (program.ending === null ? Promise.race([changed, program.ended]) : changed);
    }
  }

  private start({ command, cwd }: Opening, name: string): Opened {
    const { env, stop } = this.parts;
    const marker = randomUUID();
    const child = yieldingMemory(() => {
      try {
        return Bun.spawn([...keepingLastWords, ...command], {
          env: { ...env, [mark]: marker },
          cwd,
          stdio: ["ignore", "pipe", "ignore"],
          detached: true,
        });
      } catch (cause) {
        const why = messageOf(cause);
        throw new NexoraError("action_failed", `${name} cannot be started: ${why}`, { cause });
      }
    });
    const program: Opened = {
      pid: child.pid,
      marker,
      ending: null,
      ended: Promise.resolve(),
      lastWords: "",
    };
    const said = new Response(child.stdout).text().then((text) => {
      program.lastWords = text.trim().split("\n").at(-1) ?? "";
    });
    const end = () => child.kill();
    stop.addEventListener("abort", end);
    program.ended = child.exited.then(async (status) => {
      stop.removeEventListener("abort", end);
      await withinTime(said, lastWordsMs);
      program.ending = child.signalCode ?? status;
    });
    return program;
  }

  /** The first of these windows that is the program's; once it has ended well, the first of any. */
  private async itsWindow(
    { pid, marker, ending }: Opened,
    fresh: readonly RunnerManagedWindow[],
  ): Promise<RunnerManagedWindow | null> {
    for (const window of fresh) {
      const owner = (await this.parts.windows.processOf(window)) ?? window.pid;
      if (owner !== null && isOf(owner, pid, marker)) return window;
    }
    return ending === 0 ? (fresh[0] ?? null) : null;
  }
}

/** Whether a process was started by the program, directly or not: by its session, or by the mark. */
function isOf(process: number, program: number, marker: string): boolean {
  const [, , , session] = statFields(process);
  if (process === program || Number(session) === program) return true;
  return readProcess(process, "environ").split("\0").includes(`${mark}=${marker}`);
}

function noWindow(name: string, { ending, lastWords, pid }: Opened, withinMs: number): NexoraError {
  if (ending === null) {
    const late = `no window of ${name} has come within ${exactDuration(withinMs)}`;
    return new NexoraError("timeout", `${late}; it still runs, as process ${pid}`);
  }
  const how = typeof ending === "number" ? `with status ${ending}` : `by ${ending}`;
  const said = lastWords === "" ? "" : `: ${lastWords}`;
  return new NexoraError("action_failed", `${name} ended ${how}, without a window${said}`);
}
