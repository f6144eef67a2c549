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
/** Shells of a session; of more, the one that was used the longest ago is ended. */
const maxShells = 8;

const fields = z.object({ command: plainText.nullish(), restart: z.boolean().nullish() });

interface Kept {
  session: string;
  shell: Shell;
  idle: Timer;
}

/** The shells of Anthropic's bash tool: one for each conversation, from its first command on. */
export class Shells implements Disposable {
  /** The one that was used last at the end. */
  private readonly all = new Map<string, Kept>();
  private readonly queue = new KeyedQueue();

  constructor(private readonly exec: Pick<Exec, "stream">) {}

  /** What the model is told of a command. Throws `usage` when there is none. */
  async run(
    place: Place,
    input: unknown,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<{ text: string; failed: boolean }> {
    const { command, restart } = validate(fields, input);
    const key = JSON.stringify([place.session, place.conversation]);
    return this.queue.run(
      key,
      async () => {
        if (restart) {
          this.end(key);
          this.keep(key, place.session, await Shell.start(this.exec, place.session));
          return { text: "bash has been restarted.", failed: false };
        }
        if (!command) throw new NexoraError("usage", "command: missing");
        const shell = await this.shell(key, place.session);
        const ran = await shell.run(command, timeoutMs, signal);
        if (shell.ended) this.end(key);
        return told(ran, timeoutMs);
      },
      signal,
    );
  }

  /** To be called when a session is gone. */
  drop(session: string): void {
    for (const [key, kept] of this.all) if (kept.session === session) this.end(key);
  }

  [Symbol.dispose](): void {
    for (const key of this.all.keys()) this.end(key);
  }

  private async shell(key: string, session: string): Promise<Shell> {
    const kept = this.all.get(key)?.shell;
    const shell = kept && !kept.ended ? kept : await Shell.start(this.exec, session);
    this.keep(key, session, shell);
    return shell;
  }

  private keep(key: string, session: string, shell: Shell): void {
    clearTimeout(this.all.get(key)?.idle);
    this.all.delete(key);
    const idle = setTimeout(() => this.end(key), idleMs);
    idle.unref();
    this.all.set(key, { session, shell, idle });
    const others = [...this.all].filter(([, each]) => each.session === session);
    const [eldest] = others;
    if (others.length > maxShells && eldest) this.end(eldest[0]);
  }

  private end(key: string): void {
    const kept = this.all.get(key);
    this.all.delete(key);
    clearTimeout(kept?.idle);
    kept?.shell.close();
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
