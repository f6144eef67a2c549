import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { baseImage } from "../support/workstations.ts";

/** How long the engine may take to answer, in milliseconds. */
const readyMs = 60_000;

/** A Docker engine of the test's own, with a bridge of its own; needs root and dockerd. */
export class OwnEngine implements AsyncDisposable {
  private readonly folder = mkdtempSync(join(tmpdir(), "nexora-engine-"));
  private readonly bridge = `nx${process.pid}`;
  readonly socket = join(this.folder, "docker.sock");
  readonly docker = new Docker({ socketPath: this.socket });
  private process: Bun.Subprocess | null = null;

  private constructor() {}

  static async open(): Promise<OwnEngine> {
    const engine = new OwnEngine();
    const { bridge } = engine;
    await run(["ip", "link", "add", "name", bridge, "type", "bridge"]);
    try {
      await run(["ip", "addr", "add", `172.31.${process.pid % 256}.1/24`, "dev", bridge]);
      await run(["ip", "link", "set", bridge, "up"]);
      await engine.start();
      const pipe = 'docker save "$1" | docker -H "unix://$2" load';
      await run(["bash", "-o", "pipefail", "-c", pipe, "load", baseImage, engine.socket]);
      return engine;
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** As `systemctl restart docker` does: what runs in it ends. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await run(["ip", "link", "del", this.bridge]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async start(): Promise<void> {
    const at = (name: string) => join(this.folder, name);
    const child = Bun.spawn(
      [
        ...["dockerd", "-H", `unix://${this.socket}`, "--pidfile", at("pid")],
        ...["--data-root", at("data"), "--exec-root", at("exec")],
        // Its rules would meet those of the machine's engine; loopback ports need none.
        ...["--bridge", this.bridge, "--iptables=false", "--ip-masq=false"],
      ],
      { stdin: "ignore", stdout: "ignore", stderr: Bun.file(at("log")) },
    );
    this.process = child;
    const deadline = Date.now() + readyMs;
    while (
      !(await this.docker.ping().then(
        () => true,
        () => false,
      ))
    ) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`dockerd did not start:\n${await Bun.file(at("log")).text()}`);
      }
      await Bun.sleep(50);
    }
  }

  private async stop(): Promise<void> {
    this.process?.kill("SIGTERM");
    await this.process?.exited;
    this.process = null;
  }
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  if ((await child.exited) === 0) return;
  throw new Error(`${command.join(" ")}: ${await new Response(child.stderr).text()}`);
}
