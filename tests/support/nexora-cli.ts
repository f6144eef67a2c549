import { join } from "node:path";
import { readLines } from "../../src/lines.ts";
import { pathsOf } from "../../src/paths.ts";
import type { TestDaemon } from "./daemon.ts";

/** How the command line reaches its daemon. */
export type Door = "the Unix socket" | "TCP";

/** The command line on a daemon of the tests', from source or NEXORA_TEST_BINARY. */
export class NexoraCli {
  private readonly program = process.env.NEXORA_TEST_BINARY
    ? [process.env.NEXORA_TEST_BINARY]
    : ["bun", join(import.meta.dir, "../../nexora.ts")];
  private readonly env: Record<string, string | undefined>;

  constructor({ home, url }: TestDaemon, door: Door, env: Record<string, string> = {}) {
    const { token } = pathsOf({ NEXORA_HOME: home });
    const tcp = door === "TCP" ? { NEXORA_HOST: url, NEXORA_TOKEN_FILE: token } : {};
    this.env = { ...process.env, NEXORA_HOME: home, TERM: "xterm", ...tcp, ...env };
  }

  /** Starts it with pipes. */
  start(...words: string[]) {
    return Bun.spawn([...this.program, ...words], {
      cwd: "/",
      env: this.env,
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Runs it to its end. */
  async ended(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const client = this.start(...words);
    const [stdout, stderr] = await Promise.all([
      new Response(client.stdout).text(),
      new Response(client.stderr).text(),
    ]);
    return { code: await client.exited, stdout, stderr };
  }

  /** Runs it until it prints a line that matches, and ends it then. */
  async prints(matches: RegExp, ...words: string[]): Promise<void> {
    const client = this.start(...words);
    const complaint = new Response(client.stderr).text();
    const seen: string[] = [];
    try {
      for await (const line of readLines(client.stdout)) {
        if (matches.test(line)) return;
        seen.push(line);
      }
    } finally {
      client.kill("SIGKILL");
    }
    throw new Error(`no line is like ${matches}:\n${seen.join("\n")}\n${await complaint}`);
  }

  /** Starts it in a terminal of its own. */
  inTerminal(...words: string[]) {
    let shown = "";
    let wake = () => {};
    const client = Bun.spawn([...this.program, ...words], {
      cwd: "/",
      env: this.env,
      terminal: {
        cols: 100,
        rows: 30,
        data: (_, bytes) => {
          shown += Buffer.from(bytes).toString();
          wake();
        },
      },
    });
    void client.exited.then(() => wake());
    return {
      exited: client.exited,
      types: (keys: string) => void client.terminal?.write(keys),
      /** All that has been shown so far. */
      shown: () => shown,
      /** Resolves when the text has been shown. */
      async shows(text: string): Promise<void> {
        while (!shown.includes(text)) {
          if (client.exitCode !== null) throw new Error(`it ended without ${text}:\n${shown}`);
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
    };
  }
}
