import type { Driver, WorkstationRef } from "../../daemon/drivers/driver.ts";
import { RunnerClient } from "../../daemon/runner/client.ts";
import type { Service } from "../../daemon/tunnel/service.ts";
import { Tunnels } from "../../daemon/tunnel/tunnels.ts";
import type { Workstations } from "./workstations.ts";

/** What scripts inside begin with; `connect` waits for somebody to listen. */
const prelude = `
import hashlib, os, socket, struct, sys, threading, time
def connect(port, patience=20):
    until = time.time() + patience
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except ConnectionRefusedError:
            if time.time() > until: raise
            time.sleep(0.02)
def rest(s):
    parts = []
    while True:
        part = s.recv(1 << 18)
        if not part: return b"".join(parts)
        parts.append(part)
def exactly(s, count):
    parts = b""
    while len(parts) < count:
        part = s.recv(count - len(parts))
        if not part: break
        parts += part
    return parts
def runner_kib(field):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try: arguments = open(f"/proc/{pid}/cmdline").read().split("\\0")
        except OSError: continue # It has ended.
        if arguments[0] == "/usr/lib/nexora/runner" and arguments[1:] == [""]:
            lines = open(f"/proc/{pid}/status").readlines()
            return next(int(line.split()[1]) for line in lines if line.startswith(field))
`;

/** A running workstation that is offered services of the test's, by the daemon's own classes. */
export class Tunnelled implements AsyncDisposable {
  /** What the tunnel has warned of. */
  readonly warnings: { message: string; fields: Record<string, unknown> }[] = [];
  private tunnels: Tunnels | null = null;

  private constructor(
    private readonly stations: Workstations,
    readonly ref: WorkstationRef,
  ) {}

  static async start(
    stations: Workstations,
    network: "full" | "none",
    services: readonly Service[] = [],
  ): Promise<Tunnelled> {
    const it = new Tunnelled(stations, await stations.running(null, { network }));
    if (services.length > 0) it.offer(services);
    return it;
  }

  /** Opens the tunnel, as a daemon does that has found the session. */
  offer(services: readonly Service[]): void {
    const { driver, secrets } = this.stations;
    const warn = (message: string, fields = {}) => this.warnings.push({ message, fields });
    this.tunnels = openTunnels(driver, this.ref, secrets.token, services, warn);
  }

  /** Ends the tunnel, as a daemon does that stops. */
  close(): void {
    this.tunnels?.close();
  }

  /** Runs a Python program inside; what it has printed. Throws when it fails. */
  async python(program: string): Promise<string> {
    const script = `python3 - <<'END'\n${prelude}${program}\nEND`;
    const { exitCode, output } = await this.stations.run(this.ref, script);
    if (exitCode !== 0) throw new Error(`it ended with ${exitCode}: ${output}`);
    return output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.stations.driver.remove(this.ref, { home: true });
  }
}

/** A tunnel to one workstation, through its driver. */
export function openTunnels(
  driver: Driver,
  ref: WorkstationRef,
  token: string,
  services: readonly Service[],
  warn: (message: string, fields?: Record<string, unknown>) => void = () => {},
): Tunnels {
  const runner = new RunnerClient(async () => ({ ...(await driver.dial(ref, "runner")), token }));
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn, error: warn };
  const tunnels = new Tunnels({ services: () => services, runner, log });
  tunnels.follow(ref.session);
  return tunnels;
}
