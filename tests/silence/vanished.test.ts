/**
 * A client that vanishes without a word, as when its network breaks or its machine loses power, takes
 * its command with it: the kernel finds out, however long the connection may be silent.
 */
import { beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { ExecOutput } from "../../src/contract/exec.ts";
import { encodeJsonFrame, frameType, readFrames } from "../../src/frames.ts";
import { runnerPort } from "../../src/runner/protocol.ts";
import { TestDaemon } from "../support/daemon.ts";
import { NetworkNamespace } from "../support/network-namespace.ts";
import { docker, RunnerContainer } from "../support/runner-container.ts";
import { baseImage } from "../support/workstations.ts";

const limitMs = 170_000;
const runner = join(import.meta.dir, "../../dist/nexora-runner");
const command = "sleep 4321";
const runs = `pgrep -fx '${command}'`;
/** Longer than the 90 s after which the kernel gives a connection up (src/keep-alive.ts). */
const ends = `for i in $(seq 130); do ${runs} >/dev/null || exit 0; sleep 1; done; exit 1`;

const vanish: Record<string, () => Promise<void>> = {
  "the runner's client vanishes": fromRunner,
  // A network of the test's own needs root.
  ...(process.getuid?.() === 0 ? { "the daemon's client vanishes": fromDaemon } : {}),
};
const outcomes = new Map<string, Promise<void>>();

beforeAll(() => {
  for (const [name, run] of Object.entries(vanish)) {
    const outcome = run();
    outcome.catch(() => {}); // Its test tells.
    outcomes.set(name, outcome);
  }
});

test.each(Object.keys(vanish))(
  "a command ends when %s",
  async (name) => await outcomes.get(name),
  limitMs,
);

/** The workstation's network is taken away, so that nothing of the connection's end arrives inside. */
async function fromRunner(): Promise<void> {
  await using container = await RunnerContainer.start({ image: baseImage, runner });
  const inside = (line: string) => docker("exec", container.name, "bash", "-c", line);
  const body = encodeJsonFrame(frameType.spec, { command: command.split(" ") });
  const init = { method: "POST", body, timeout: false };
  const reply = await container.fetchDirectly("/runner/exec", init);
  const frames = readFrames(reply.body ?? []);
  expect((await frames.next()).value).toMatchObject({ type: frameType.started });
  await allConfirmed(() => inside("cat /proc/net/tcp"), runnerPort);
  await docker("network", "disconnect", "bridge", container.name);
  await inside(runs);
  await inside(ends);
}

/** The packets of one connection are dropped in a network of its own, and then its client dies. */
async function fromDaemon(): Promise<void> {
  await using network = await NetworkNamespace.open();
  await using daemon = await TestDaemon.start(undefined, {}, network.enter);
  const { id } = await daemon.newSession({ workspace: null, network: "none" });
  const run = (line: string) =>
    daemon.call<ExecOutput>("POST", `/v1/sessions/${id}/exec`, { command: [line] });
  const [port, ownPort] = [Number(new URL(daemon.url).port), 41_234];
  const body = JSON.stringify({ command: [`exec ${command}`] });
  const head = [
    `POST /v1/sessions/${id}/exec HTTP/1.1`,
    "host: localhost",
    `authorization: Bearer ${daemon.token}`,
    "accept: application/x-ndjson",
    `content-length: ${body.length}`,
  ];
  const script = `
    const { connect } = require("node:net");
    const socket = connect({ host: "127.0.0.1", port: ${port}, localPort: ${ownPort} });
    socket.on("data", (bytes) => process.stdout.write(bytes));
    socket.write(${JSON.stringify(`${head.join("\r\n")}\r\n\r\n${body}`)});`;
  const client = Bun.spawn([...network.enter, process.execPath, "-e", script], { stdout: "pipe" });
  const output = client.stdout.getReader();
  for (let said = ""; !said.includes("started"); ) {
    const { done, value } = await output.read();
    if (done) throw new Error(`the client ended early: ${said}`);
    said += new TextDecoder().decode(value);
  }
  const connections = [...network.enter, "cat", "/proc/self/net/tcp"];
  await allConfirmed(() => new Response(Bun.spawn(connections).stdout).text(), port);
  for (const side of ["--sport", "--dport"]) {
    const rule = ["-A", "INPUT", "-p", "tcp", side, String(ownPort), "-j", "DROP"];
    expect(await Bun.spawn([...network.enter, "iptables", ...rule]).exited).toBe(0);
  }
  client.kill("SIGKILL");
  await client.exited;
  expect(await run(runs)).toMatchObject({ exitCode: 0 });
  expect(await run(ends)).toMatchObject({ exitCode: 0 });
}

/**
 * Resolves when the other side has confirmed all that a port's connections have sent; what it has
 * not would be sent again for longer. `table` is /proc/net/tcp (proc_net_tcp.rst of Linux).
 */
async function allConfirmed(table: () => Promise<string>, port: number): Promise<void> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (;;) {
    const rows = (await table()).split("\n").map((line) => line.trim().split(/\s+/));
    const ours = rows.filter(([, own, , state]) => own?.endsWith(local) && state === "01");
    if (ours.length > 0 && ours.every(([, , , , queues]) => queues?.startsWith("00000000:")))
      return;
    await Bun.sleep(20);
  }
}
