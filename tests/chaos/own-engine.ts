import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { mountPoints } from "../../daemon/workspaces/mounts.ts";
import { NetworkNamespace } from "../support/network-namespace.ts";
import { baseImage } from "../support/workstations.ts";

/** How long the engine may take to answer or to end, in milliseconds. */
const readyMs = 60_000;

/**
 * A Docker engine of the test's own; needs root and dockerd. It lives in a network namespace of
 * its own, as an engine takes over the bridge `docker0` of the one that it starts in, and removes
 * it when it is told to use another one. Ports that it publishes are on the loopback in there.
 */
export class OwnEngine implements AsyncDisposable {
  private readonly folder = mkdtempSync(join(tmpdir(), "nexora-engine-"));
  readonly socket = join(this.folder, "docker.sock");
  readonly docker = new Docker({ socketPath: this.socket });
  private process: Bun.Subprocess | null = null;

  private constructor(private readonly network: NetworkNamespace) {}

  /** With the tests' image in it, or `empty`. */
  static async open({ empty = false } = {}): Promise<OwnEngine> {
    const engine = new OwnEngine(await NetworkNamespace.open());
    try {
      await engine.start();
      if (empty) return engine;
      const pipe = 'docker save "$1" | docker -H "unix://$2" load';
      await run(["bash", "-o", "pipefail", "-c", pipe, "load", baseImage, engine.socket]);
      return engine;
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What to put before a command, so that it reaches the ports that are published. */
  get enter(): string[] {
    return this.network.enter;
  }

  /** As `systemctl restart docker` does: what runs in it ends. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = await this.docker.listContainers({ all: true }).catch(() => []);
    const removals = left.map(({ Id }) => this.docker.getContainer(Id).remove({ force: true }));
    await Promise.allSettled(removals);
    await this.stop();
    await this.network[Symbol.asyncDispose]();
    const mounts = (await mountPoints()).filter((point) => point.startsWith(`${this.folder}/`));
    for (const point of mounts.reverse()) await run(["umount", "--lazy", point]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async start(): Promise<void> {
    const at = (name: string) => join(this.folder, name);
    const child = Bun.spawn(
      [
        ...this.network.enter,
        ...["dockerd", "-H", `unix://${this.socket}`, "--pidfile", at("pid")],
        ...["--data-root", at("data"), "--exec-root", at("exec")],
      ],
      { stdin: "ignore", stdout: "ignore", stderr: Bun.file(at("log")) },
    );
    this.process = child;
    const deadline = Date.now() + readyMs;
    while (!(await this.answers())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`dockerd did not start:\n${readFileSync(at("log"), "utf8")}`);
      }
      await Bun.sleep(50);
    }
  }

  private answers(): Promise<boolean> {
    return this.docker.ping().then(
      () => true,
      () => false,
    );
  }

  private async stop(): Promise<void> {
    const { process } = this;
    this.process = null;
    process?.kill("SIGTERM");
    const timer = setTimeout(() => process?.kill("SIGKILL"), readyMs);
    await process?.exited;
    clearTimeout(timer);
  }
}

/** Which `docker0` the machine's engine has, as a number; null when it has none. */
export function hostBridge(): string | null {
  try {
    return readFileSync("/sys/class/net/docker0/ifindex", "utf8").trim();
  } catch {
    return null;
  }
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  if ((await child.exited) === 0) return;
  throw new Error(`${command.join(" ")}: ${await new Response(child.stderr).text()}`);
}
