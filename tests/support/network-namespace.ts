import { readdirSync, readlinkSync } from "node:fs";

/** A network of the test's own, with its loopback up; needs root. */
export class NetworkNamespace implements AsyncDisposable {
  private constructor(private readonly holder: Bun.Subprocess<"pipe", "pipe", "inherit">) {}

  static async open(): Promise<NetworkNamespace> {
    // It exists for as long as somebody is in it; `cat` ends when this process does, however.
    const script = "ip link set lo up && echo up && exec cat";
    const holder = Bun.spawn(["unshare", "--net", "sh", "-c", script], {
      stdin: "pipe",
      stdout: "pipe",
    });
    const { value } = await holder.stdout.getReader().read();
    if (!value) throw new Error("there is no network namespace: `unshare --net` failed");
    return new NetworkNamespace(holder);
  }

  /**
   * What to put before a command, so that it runs inside, under its own pid. Not `ip netns exec`:
   * that mounts /sys anew, without the cgroups, which an engine needs.
   */
  get enter(): string[] {
    return ["nsenter", `--net=${this.path(this.holder.pid)}`, "--"];
  }

  /** Ends whatever still runs inside. */
  async [Symbol.asyncDispose](): Promise<void> {
    const inside = this.link(this.holder.pid);
    for (const pid of readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)) {
      if (inside && pid !== this.holder.pid && this.link(pid) === inside) kill(pid);
    }
    this.holder.kill("SIGKILL");
    await this.holder.exited;
  }

  private path(pid: number): string {
    return `/proc/${pid}/ns/net`;
  }

  private link(pid: number): string | null {
    try {
      return readlinkSync(this.path(pid));
    } catch {
      return null; // It has ended meanwhile.
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
