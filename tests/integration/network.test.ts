import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon } from "../support/daemon.ts";

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
