import { LineEnds } from "./line-ends.ts";

/**
 * Whether the shell is at its prompt, from its OSC 133 marks (A prompt begins, B prompt ends,
 * C command runs, D[;status] command ended) and from what has been typed since.
 *
 * After input that came before the prompt did (typed ahead) a prompt says little: the shell may
 * be about to read a next command. It is in doubt until `confirm` is called.
 */
export class PromptTracker {
  /** At the prompt, with nothing submitted since. */
  atPrompt = false;
  /** Status of the last command; null before the first. */
  exitStatus: number | null = null;
  /** The shell has sent a mark: its integration works. */
  integrated = false;

  /** How often the shell has come to its prompt. */
  prompts = 0;

  /** The prompt is there, but input that was typed before it may still be read. */
  inDoubt = false;

  private continuation = false;
  private typedAhead = false;
  private readonly lineEnds = new LineEnds();

  /** The data of an OSC 133, for example `D;0`. */
  mark(data: string): void {
    const [kind, ...options] = data.split(";");
    this.integrated = true;
    switch (kind) {
      case "A":
        // k=s, k=c: the prompt of a continuation line (PS2), k=r: the right prompt.
        this.continuation = options.some((option) => /^k=[scr]$/.test(option));
        if (!this.continuation) this.arrive();
        break;
      case "B":
        if (!this.continuation) this.arrive();
        break;
      case "C":
        this.atPrompt = false;
        this.inDoubt = false;
        break;
      case "D": {
        const status = options[0];
        if (status !== undefined && /^\d{1,10}$/.test(status)) this.exitStatus = Number(status);
      }
    }
  }

  /** All that was typed ahead has been read, and the shell waits for more. */
  confirm(): void {
    this.typedAhead = false;
    if (this.inDoubt) this.arrive();
  }

  private arrive(): void {
    this.inDoubt = this.typedAhead;
    if (this.typedAhead || this.atPrompt) return;
    this.prompts++;
    this.atPrompt = true;
  }

  /** Bytes on their way to the shell. */
  input(bytes: Uint8Array): void {
    if (!this.atPrompt) this.typedAhead = true;
    const [end] = this.lineEnds.in(bytes);
    if (end === undefined || !this.atPrompt) return;
    this.atPrompt = false;
    this.typedAhead = end + 1 < bytes.length;
  }
}
