import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../../cli/context.ts";
import { main } from "../../../cli/main.ts";
import { type Paths, pathsOf } from "../../../src/paths.ts";
import { version } from "../../../src/version.ts";

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
  bytes: Uint8Array;
}

interface RunOptions {
  env?: Environment;
  /** Whether stdout and stderr are a terminal. */
  terminal?: boolean;
  signal?: AbortSignal;
}

/** The CLI in this process, with a home and a folder of its own and a daemon made of one handler. */
export class Bench implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "nexora-cli-"));
  readonly paths: Paths = pathsOf({ NEXORA_HOME: this.folder });
  readonly requests: { method: string; path: string; body: string }[] = [];
  private server: Bun.Server<undefined> | undefined;

  /** Answers every request, which is recorded first (its body unless it is a stream of frames). */
  serve(reply: (request: Request, url: URL, body: string) => Response | Promise<Response>): void {
    this.server = Bun.serve({
      unix: this.paths.socket,
      fetch: async (request) => {
        const url = new URL(request.url);
        const isStream = request.headers.get("content-type")?.includes("frames") ?? false;
        const body = isStream ? "" : await request.clone().text();
        this.requests.push({ method: request.method, path: url.pathname + url.search, body });
        const response = await reply(request, url, body);
        if (!response.headers.has("x-nexora-version")) {
          response.headers.set("x-nexora-version", version);
        }
        return response;
      },
    });
  }

  /** Ends the daemon and its connections at once. */
  async crash(): Promise<void> {
    await this.server?.stop(true);
  }

  async run(argv: string[], { env = {}, terminal = false, signal }: RunOptions = {}): Promise<Run> {
    const stdout = new Captured(terminal);
    const stderr = new Captured(terminal);
    const code = await main(argv, {
      env,
      folder: this.folder,
      streams: { stdout, stderr },
      paths: this.paths,
      program: ["nexora"],
      daemonCommand: [process.execPath, "-e", "process.exit(20)"],
      signal: signal ?? new AbortController().signal,
      catchSignals() {},
      async runDaemon() {},
      readText: async () => "",
      serveMcp: async () => {},
    });
    return { code, stdout: stdout.text, stderr: stderr.text, bytes: stdout.bytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server?.stop(true);
    rmSync(this.folder, { recursive: true });
  }
}

class Captured {
  private readonly chunks: Uint8Array[] = [];

  constructor(readonly isTerminal: boolean) {}

  async write(data: string | Uint8Array): Promise<void> {
    this.chunks.push(Buffer.from(data));
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

/** The parts of a session that the CLI shows. */
export function session(name: string): Record<string, unknown> {
  return {
    id: `s_${name}`,
    name,
    state: "running",
    reason: null,
    workspace: "/home/u/work",
    image: "nexora:base",
    size: { width: 1920, height: 1080 },
    profile: "hardened",
    network: "full",
    ports: { vnc: 5900, cdp: 9222 },
    limits: { cpus: 2, memoryBytes: 4 * 1024 ** 3, pids: 1024 },
    uid: 1000,
    gid: 1000,
    ttlMs: null,
    idleMs: null,
    createdAt: new Date().toISOString(),
    startedAt: null,
    endedAt: null,
    readyMs: 640,
    notices: [],
  };
}
