import { readFileSync } from "node:fs";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "./daemon.ts";

/** A session with a browser, of a daemon of its own; both go on dispose. */
export class BrowserSession implements AsyncDisposable {
  private constructor(readonly daemon: TestDaemon) {}

  static async open(input: { image: string }): Promise<BrowserSession> {
    const daemon = await TestDaemon.start();
    await daemon.newSession({ name: "web", workspace: null, ...input });
    return new BrowserSession(daemon);
  }

  /**
   * Runs a server of a site inside, by node: a program that says `ready` when it listens. Beside it are
   * `key.pem` and `cert.pem`, of an authority that nobody trusts.
   */
  async serve(program: string): Promise<void> {
    const command = [
      "cd /tmp && cat > site.mjs",
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem 2>&1",
      "mkfifo ready && (setsid node site.mjs > ready 2> site.log < /dev/null &)",
      "head -1 ready",
    ].join(" && ");
    const stdin = readFileSync(program, "utf8");
    const { stdout } = await this.daemon.call<Output<"exec">>("POST", "/v1/sessions/web/exec", {
      command: [command],
      stdin,
    });
    if (!stdout.endsWith("ready\n")) throw new Error(`the site does not run: ${stdout}`);
  }

  exec(line: string): Promise<Output<"exec">> {
    return this.daemon.call("POST", "/v1/sessions/web/exec", { command: [line] });
  }

  call<T>(method: string, verb: string, body?: object): Promise<T> {
    return this.daemon.call<T>(method, `/v1/sessions/web/chrome/${verb}`, body);
  }

  post<T = Record<string, unknown>>(verb: string, body: object = {}): Promise<T> {
    return this.call<T>("POST", verb, body);
  }

  get<T>(verb: string): Promise<T> {
    return this.call<T>("GET", verb);
  }

  fetch(verb: string, init: RequestInit = {}): Promise<Response> {
    return this.daemon.fetch(`/v1/sessions/web/chrome/${verb}`, init);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.daemon[Symbol.asyncDispose]();
  }
}
