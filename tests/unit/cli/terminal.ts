import { join } from "node:path";

const nexora = join(import.meta.dir, "../../../nexora.ts");

/** The CLI in a terminal of its own, in a shell that prints `code=N` and stty's settings at the end. */
export class InTerminal {
  seen = "";
  readonly process: Bun.Subprocess;
  private wake = () => {};

  constructor(home: string, argv: string[]) {
    const script = 'trap : INT; "$@"; echo "code=$?"; stty -a';
    this.process = Bun.spawn(["sh", "-c", script, "sh", process.execPath, nexora, ...argv], {
      env: { ...process.env, NEXORA_HOME: home, TERM: "xterm" },
      terminal: {
        cols: 101,
        rows: 33,
        data: (_, chunk) => {
          this.seen += Buffer.from(chunk).toString();
          this.wake();
        },
      },
    });
  }

  /** Resolves when the text has been shown. */
  async sees(text: string): Promise<void> {
    while (!this.seen.includes(text)) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  types(keys: string): void {
    this.process.terminal?.write(keys);
  }
}
