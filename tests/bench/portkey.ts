import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { run } from "./run.ts";

const version = "1.15.2";
const startDeadlineMs = 30_000;

/**
 * The gateway of the npm package `@portkey-ai/gateway`, on Bun as ours is: on Node.js 20 it answers
 * streamed requests with an error.
 */
export class Portkey implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly program: Bun.Subprocess,
  ) {}

  /** Installs it into the folder, and starts it. */
  static async start(folder: string, signal: AbortSignal): Promise<Portkey> {
    const install = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    const packages = [...install, "--prefix", folder, `@portkey-ai/gateway@${version}`];
    await run(packages, { signal, cwd: folder });
    const main = join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
    const port = await freePort();
    const program = Bun.spawn([process.execPath, main, "--headless", `--port=${port}`], {
      cwd: folder,
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", "ignore", "ignore"],
    });
    const url = `http://127.0.0.1:${port}`;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(startDeadlineMs)]);
    for (;;) {
      const reply = await fetch(url, { proxy: "", signal: deadline }).catch(() => null);
      if (reply) return new Portkey(url, program);
      deadline.throwIfAborted();
      await Bun.sleep(50);
    }
  }

  /** What tells it to ask this provider. */
  headers(provider: "openai" | "anthropic", url: string): Record<string, string> {
    return { "x-portkey-provider": provider, "x-portkey-custom-host": url };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.program.kill("SIGKILL");
    await this.program.exited;
  }
}
