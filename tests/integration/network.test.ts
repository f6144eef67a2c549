import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { readLines } from "../../src/lines.ts";
import { TestDaemon } from "../support/daemon.ts";
import { vncSecurity } from "../support/vnc-security.ts";

const docker = connectDocker();

let daemon: TestDaemon;
let session: Session;

beforeAll(async () => {
  daemon = await TestDaemon.start();
  session = await daemon.newSession({ network: "none" });
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
});

const at = (path: string) => `/v1/sessions/${session.id}${path}`;

function run(line: string): Promise<ExecOutput> {
  return daemon.call("POST", at("/exec"), { command: [line], timeoutMs: 20_000 });
}

/** Ways to look at a session from outside, which all must work without a network inside. */
async function expectUsable(): Promise<void> {
  const marker = `marker-${Math.random().toString(36).slice(2)}`;
  expect(await run(`echo ${marker}`)).toMatchObject({ exitCode: 0, stdout: `${marker}\n` });
  await daemon.call("POST", at("/type"), { text: `echo typed-$((40 + 2))-${marker}\n` });
  await daemon.call("POST", at("/wait"), { text: [`typed-42-${marker}`], timeoutMs: 10_000 });
  const screen = await daemon.call("GET", at("/screen?image=false"));
  expect(JSON.stringify(screen)).toContain(`typed-42-${marker}`);
}

describe("a session without a network", () => {
  test("has no interface but loopback, no route and no name service", async () => {
    const { stdout } = await run("ls /sys/class/net; tail -n +2 /proc/net/route");
    expect(stdout).toBe("lo\n");
    expect(await run("getent hosts anything.example")).toMatchObject({ exitCode: 2 });
  });

  test("can be seen, typed in, and run commands in", expectUsable);

  test("takes and gives files", async () => {
    await run("echo content > /tmp/note");
    const reply = await daemon.fetch(at("/files?path=/tmp/note"));
    const files = await new Bun.Archive(await reply.bytes()).files();
    expect(await files.get("note")?.text()).toBe("content\n");
    const tar = await new Bun.Archive({ back: "returned\n" }).bytes();
    await daemon.fetch(at("/files?path=/tmp"), { method: "PUT", body: tar });
    expect(await run("cat /tmp/back")).toMatchObject({ stdout: "returned\n" });
  });

  test("ends a silent command when its client goes away", async () => {
    const gone = new AbortController();
    const reply = await daemon.fetch(at("/exec"), {
      method: "POST",
      body: JSON.stringify({ command: ["exec sleep 9876"] }),
      headers: { accept: "application/x-ndjson" },
      signal: gone.signal,
    });
    const lines = readLines(reply.body as ReadableStream<Uint8Array>);
    while (!(await lines.next()).value?.includes("started"));
    gone.abort();
    const ends =
      "for i in $(seq 100); do pgrep -fx 'sleep 9876' >/dev/null || exit 0; sleep 0.1; done; exit 1";
    expect(await run(ends)).toMatchObject({ exitCode: 0 });
  });

  test("is found again by a daemon that was killed and started anew", async () => {
    await daemon.end("SIGKILL");
    daemon = await TestDaemon.start(daemon.home);
    const now = await daemon.call<Session>("GET", at(""));
    expect(now).toMatchObject({ state: "running", network: "none", ports: session.ports });
    await expectUsable();
  });

  test("is usable after a stop and a start", async () => {
    await daemon.call("POST", at("/stop"));
    await daemon.call("POST", at("/start"));
    await expectUsable();
  });
});

describe("a session with a network", () => {
  // What the shell does before its first prompt, as a start file would.
  const atFirst = "[ -e /tmp/first ] || { ls /sys/class/net; cat /proc/net/route; } > /tmp/first";
  let full: Session;

  const inside = async (line: string): Promise<string> => {
    const body = { command: [line], timeoutMs: 20_000 };
    return (await daemon.call<ExecOutput>("POST", `/v1/sessions/${full.id}/exec`, body)).stdout;
  };

  beforeAll(async () => {
    full = await daemon.newSession({ env: { PROMPT_COMMAND: atFirst } });
  });

  test("has it before anything of the user's runs", async () => {
    const first = await inside("cat /tmp/first");
    expect(first.split("\n").slice(0, 2)).toEqual(["eth0", "lo"]);
    expect(first).toMatch(/^eth0\t00000000\t/m); // The default route.
  });

  test("has the network's name service, an address and nothing else", async () => {
    expect(await inside("grep ^nameserver /etc/resolv.conf")).toBe("nameserver 127.0.0.11\n");
    // A name that only the engine knows, asked of that name service.
    const name = await container(full.id);
    const own = (await inside("hostname -I")).trim();
    expect(own).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(await inside(`getent hosts ${name} | cut -d' ' -f1`)).toBe(`${own}\n`);
  });

  test("is on Nexora's network only, with both ports on loopback", async () => {
    const { NetworkSettings } = await docker.getContainer(await container(full.id)).inspect();
    expect(Object.keys(NetworkSettings.Networks)).toEqual(["nexora"]);
    const published = (port?: number) => [{ HostIp: "127.0.0.1", HostPort: String(port) }];
    expect(NetworkSettings.Ports).toMatchObject({
      "5900/tcp": published(full.ports?.vnc),
      "7000/tcp": published(full.ports?.cdp),
    });
  });

  test("keeps it when its daemon is killed, and when it is stopped and started", async () => {
    await daemon.end("SIGKILL");
    expect((await vncSecurity(full.ports?.vnc ?? 0)).types).toEqual([2]);
    daemon = await TestDaemon.start(daemon.home);
    expect(await inside("ls /sys/class/net")).toBe("eth0\nlo\n");
    await daemon.call("POST", `/v1/sessions/${full.id}/stop`);
    full = await daemon.call<Session>("POST", `/v1/sessions/${full.id}/start`);
    expect(await inside("head -n 2 /tmp/first")).toBe("eth0\nlo\n");
    expect((await vncSecurity(full.ports?.vnc ?? 0)).types).toEqual([2]);
  });
});

/** Name of a session's container. */
async function container(session: string): Promise<string> {
  const filters = { label: [`nexora.session=${session}`] };
  const [found] = await docker.listContainers({ filters });
  return found?.Names[0]?.slice(1) ?? "";
}
