import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  encodeFrames,
  encodeJsonFrame,
  type Frame,
  frameType,
  readFrames,
} from "../../src/frames.ts";
import { readLines } from "../../src/lines.ts";
import type { RunnerBoot, RunnerOutput } from "../../src/runner/boot.ts";
import type { RunnerExecResult, RunnerExecSpec } from "../../src/runner/exec.ts";
import { runnerPort } from "../../src/runner/protocol.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import type { RunnerInput } from "../../src/runner/terminal.ts";

const supervisor = join(
  import.meta.dir,
  "../../docker/workstation/rootfs/usr/lib/nexora/supervisor",
);
const token = "0123456789abcdef0123456789abcdef";

/** A workstation that runs the compiled runner, confined as the driver confines it. */
export class RunnerContainer implements AsyncDisposable {
  /** Everything that the runner has said. */
  readonly said: RunnerOutput[] = [];
  private readonly heard: (() => void)[] = [];

  private constructor(
    readonly name: string,
    readonly workspace: string,
    private url: string,
  ) {}

  /** Starts a container of `image` with `runner` as its program, and waits until READY. */
  static async start(options: {
    image: string;
    runner: string;
    boot?: Partial<RunnerBoot>;
  }): Promise<RunnerContainer> {
    const name = `dev-runner-${crypto.randomUUID().slice(0, 8)}`;
    const workspace = await mkdtemp(join(tmpdir(), "nexora-runner-"));
    await chmod(workspace, 0o777);
    const container = new RunnerContainer(name, workspace, "");
    try {
      await docker(
        ...["create", "-i", "--name", name, "--user", "1234:1234", "--read-only"],
        ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
        ...["--tmpfs", "/tmp:mode=1777", "--tmpfs", "/run:mode=1777"],
        ...["-v", "/home", "-v", `${workspace}:/workspace`],
        ...["-v", `${options.runner}:/usr/lib/nexora/runner:ro`],
        ...["-v", `${supervisor}:/usr/lib/nexora/supervisor:ro`],
        ...["-p", `127.0.0.1::${runnerPort}`, "-p", "127.0.0.1::5900"],
        ...["--memory", "1g", "--pids-limit", "512"],
        ...["--entrypoint", "/usr/lib/nexora/supervisor", options.image],
      );
      await container.boot(options.boot ?? {});
    } catch (error) {
      await container[Symbol.asyncDispose]();
      throw error;
    }
    return container;
  }

  /** Stops and starts it again, as the driver does; resolves when it is READY. */
  async restart(): Promise<void> {
    await docker("stop", this.name);
    this.said.length = 0;
    await this.boot({});
  }

  private async boot(given: Partial<RunnerBoot>): Promise<void> {
    const boot: RunnerBoot = {
      token,
      vncPassword: "secret12",
      size: { width: 1280, height: 720 },
      env: { GREETING: "hello" },
      name: "demo",
      browser: false,
      ...given,
    };
    const attached = Bun.spawn(["docker", "start", "-ai", this.name], {
      stdin: new Blob([`${JSON.stringify(boot)}\n`]),
      stdout: "pipe",
      stderr: "inherit",
    });
    void this.listen(attached.stdout);
    await this.hears((line) => "event" in line && line.event !== "listening");
    const failed = this.said.find((line) => "event" in line && line.event === "failed");
    if (failed) throw new Error(`the runner failed: ${JSON.stringify(this.said, null, 1)}`);
    const published = await docker("port", this.name, `${runnerPort}/tcp`);
    this.url = `http://${published.trim().split("\n")[0]}`;
  }

  /** Resolves when the runner has said a line that `matches`. */
  async hears(matches: (line: RunnerOutput) => boolean): Promise<void> {
    while (!this.said.some(matches)) {
      await new Promise<void>((resolve) => this.heard.push(resolve));
    }
  }

  private async listen(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const line of readLines(stream)) {
      this.said.push(JSON.parse(line));
      for (const wake of this.heard.splice(0)) wake();
    }
  }

  /** A request with the right token. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    return fetch(this.url + path, { ...init, headers });
  }

  /** The same to the container's own address, past the engine's port. */
  async fetchDirectly(path: string, init: BunFetchRequestInit = {}): Promise<Response> {
    const format = "{{.NetworkSettings.Networks.bridge.IPAddress}}";
    const address = (await docker("inspect", "-f", format, this.name)).trim();
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    return fetch(`http://${address}:${runnerPort}${path}`, { ...init, headers });
  }

  /** A request without the token. */
  strangerFetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, init);
  }

  /** A WebSocket with the given token. */
  async webSocket(path: string, bearer = token): Promise<WebSocket> {
    const headers = { authorization: `Bearer ${bearer}` };
    const socket = new WebSocket(this.url.replace("http", "ws") + path, { headers });
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
      socket.onclose = reject;
    });
    return socket;
  }

  /** Host and port under which the runner is reached. */
  get host(): string {
    return new URL(this.url).host;
  }

  async screen(lines = 0): Promise<RunnerScreen> {
    return (await this.fetch(`/runner/screen?lines=${lines}`)).json() as Promise<RunnerScreen>;
  }

  input(input: RunnerInput): Promise<Response> {
    return this.fetch("/runner/input", { method: "POST", body: JSON.stringify(input) });
  }

  async type(text: string): Promise<void> {
    await this.input({ text });
  }

  /** The screen as soon as `holds` is true of it; throws after `deadlineMs` with the last one. */
  async screenWhen(
    holds: (screen: RunnerScreen) => boolean,
    deadlineMs = 10_000,
  ): Promise<RunnerScreen> {
    const until = Date.now() + deadlineMs;
    for (;;) {
      const screen = await this.screen();
      if (holds(screen)) return screen;
      if (Date.now() > until) throw new Error(`not on the screen: ${JSON.stringify(screen)}`);
      await Bun.sleep(20);
    }
  }

  /** Frames of an exec or attach, as they arrive. */
  async *frames(
    path: string,
    body: ReadableStream<Uint8Array> | Uint8Array,
    signal?: AbortSignal,
  ): AsyncGenerator<Frame> {
    const reply = await this.fetch(path, { method: "POST", body, ...(signal ? { signal } : {}) });
    if (!reply.ok || !reply.body) throw new Error(await reply.text());
    yield* readFrames(reply.body);
  }

  /** Executes to the end with all its input at hand. */
  async exec(spec: RunnerExecSpec, stdin = new Uint8Array()): Promise<ExecOutcome> {
    const body = Buffer.concat([
      encodeJsonFrame(frameType.spec, spec),
      ...encodeFrames(frameType.stdin, stdin),
    ]);
    const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
    const outcome: ExecOutcome = { stdout: "", stderr: "", result: null, order: [] };
    for await (const frame of this.frames("/runner/exec", body)) {
      if (outcome.order.at(-1) !== frame.type) outcome.order.push(frame.type);
      if (frame.type === frameType.stdout) output.stdout.push(frame.payload.slice());
      if (frame.type === frameType.stderr) output.stderr.push(frame.payload.slice());
      if (frame.type === frameType.result) {
        outcome.result = JSON.parse(new TextDecoder().decode(frame.payload));
      }
    }
    outcome.stdout = Buffer.concat(output.stdout).toString();
    outcome.stderr = Buffer.concat(output.stderr).toString();
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await docker("rm", "--force", "--volumes", this.name).catch(() => {});
    await rm(this.workspace, { recursive: true, force: true });
  }
}

export interface ExecOutcome {
  stdout: string;
  stderr: string;
  result: RunnerExecResult | null;
  /** Types of frames, repeated ones once. */
  order: number[];
}

/** Runs the docker CLI; its output, or an error with what it said. */
export async function docker(...args: string[]): Promise<string> {
  const child = Bun.spawn(["docker", ...args], { stdout: "pipe", stderr: "pipe" });
  const [out, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`docker ${args[0]}: ${complaint}`);
  return out;
}
