/** Input that ends a command line: Return, line feed, Ctrl+C, Ctrl+D, Ctrl+O. */
const submitting = new Set([0x0d, 0x0a, 0x03, 0x04, 0x0f]);

/**
 * Whether the shell is at its prompt, from its OSC 133 marks (A prompt begins, B prompt ends,
 * C command runs, D[;status] command ended) and from what has been typed since.
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

  private continuation = false;

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
        break;
      case "D": {
        const status = options[0];
        if (status !== undefined && /^\d{1,10}$/.test(status)) this.exitStatus = Number(status);
      }
    }
  }

  private arrive(): void {
    if (!this.atPrompt) this.prompts++;
    this.atPrompt = true;
  }

  /** Bytes on their way to the shell. */
  input(bytes: Uint8Array): void {
    if (this.atPrompt && bytes.some((byte) => submitting.has(byte))) this.atPrompt = false;
  }
}
