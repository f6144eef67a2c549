import { z } from "zod";
import { NexoraError } from "../../../src/contract/errors.ts";
import { plainText } from "../../../src/contract/operation.ts";
import type { Exec } from "../../exec/exec.ts";
import { KeyedQueue } from "../../keyed-queue.ts";
import { validate } from "../../operations/validate.ts";
import { type Ran, Shell } from "./shell.ts";

/** One conversation with a model in a session. */
export interface Place {
  session: string;
  conversation: string;
}

/** How long a shell that nobody uses is kept, in milliseconds. */
const idleMs = 3600_000;
/** Shells of a session; of more, the one that was used the longest ago and is not at work is ended. */
const maxShells = 8;

const fields = z.object({ command: plainText.nullish(), restart: z.boolean().nullish() });

interface Kept {
  session: string;
  /** Null: it has not been started yet. */
  shell: Shell | null;
  /** Ends it when nobody uses it; null: a command runs, or is about to. */
  idle: Timer | null;
}

/** The shells of Anthropic's bash tool: one for each conversation, from its first command on. */
export class Shells implements Disposable {
  /** The one that was used last at the end. */
  private readonly all = new Map<string, Kept>();
  private readonly queue = new KeyedQueue();

  constructor(private readonly exec: Pick<Exec, "stream">) {}

  /**
   * What the model is told of a command. Throws `usage` when there is none, and `conflict` when all
   * shells that a session may have are at work.
   */
  async run(
    place: Place,
    input: unknown,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<{ text: string; failed: boolean }> {
    const { command, restart } = validate(fields, input);
    const key = JSON.stringify([place.session, place.conversation]);
    const work = async () => {
      if (!restart && !command) throw new NexoraError("usage", "command: missing");
      const kept = this.take(key, place.session);
      try {
        if (restart) kept.shell?.close();
        if (!kept.shell || kept.shell.ended) {
          kept.shell = await Shell.start(this.exec, place.session, signal);
        }
        if (restart || !command) return { text: "bash has been restarted.", failed: false };
        return told(await kept.shell.run(command, timeoutMs, signal), timeoutMs);
      } finally {
        this.release(key, kept);
      }
    };
    return this.queue.run(key, work, signal);
  }

  /** To be called when a session is gone. */
  drop(session: string): void {
    for (const [key, kept] of this.all) if (kept.session === session) this.end(key);
  }

  [Symbol.dispose](): void {
    for (const key of this.all.keys()) this.end(key);
  }

  /** A conversation's place for a shell, which nobody ends until it is released. */
  private take(key: string, session: string): Kept {
    const had = this.all.get(key);
    if (!had) this.makeRoom(session);
    clearTimeout(had?.idle ?? undefined);
    const kept = had ?? { session, shell: null, idle: null };
    kept.idle = null;
    this.all.delete(key);
    this.all.set(key, kept);
    return kept;
  }

  private release(key: string, kept: Kept): void {
    if (this.all.get(key) !== kept) kept.shell?.close();
    else if (!kept.shell || kept.shell.ended) this.all.delete(key);
    else kept.idle = setTimeout(() => this.end(key), idleMs).unref();
  }

  /** Ends the eldest shell that is not at work, if there are as many as there may be. */
  private makeRoom(session: string): void {
    const others = [...this.all].filter(([, each]) => each.session === session);
    if (others.length < maxShells) return;
    const eldest = others.find(([, { idle }]) => idle !== null);
    if (!eldest) {
      throw new NexoraError(
        "conflict",
        `${maxShells} commands run already in other conversations of this session`,
        { hint: "wait until one of them has ended" },
      );
    }
    this.end(eldest[0]);
  }

  private end(key: string): void {
    const kept = this.all.get(key);
    this.all.delete(key);
    clearTimeout(kept?.idle ?? undefined);
    kept?.shell?.close();
  }
}

/** The output, and what is not to be seen in it. */
function told(
  { output, status, exit, timedOut }: Ran,
  timeoutMs: number,
): { text: string; failed: boolean } {
  const lines = output === "" ? [] : [output.replace(/\n$/, "")];
  if (timedOut) {
    const seconds = timeoutMs / 1000;
    lines.push(`Error: command did not finish within ${seconds} seconds`, again("It was ended"));
  } else if (status === null) {
    lines.push(again(`bash has ended${exit === null ? "" : ` with exit status ${exit}`}`));
  } else if (status !== 0) lines.push(`Exit status ${status}`);
  else if (lines.length === 0) lines.push("(no output)");
  return { text: lines.join("\n"), failed: status !== 0 };
}

function again(what: string): string {
  return `${what}; the next command starts in a new bash, without its folder and variables.`;
}
