import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecOutput } from "../../src/contract/exec.ts";
import { TestDaemon } from "../support/daemon.ts";

/** A program in a file of its own, or the sources. */
const program = process.env.NEXORA_TEST_BINARY
  ? [process.env.NEXORA_TEST_BINARY]
  : ["bun", join(import.meta.dir, "../../nexora.ts")];

let daemon: TestDaemon;
beforeEach(async () => {
  daemon = await TestDaemon.start();
});
afterEach(() => daemon[Symbol.asyncDispose]());

const file = (name: string) => join(daemon.home, name);
const aside = (name: string) => join(daemon.home, `${name}.aside`);

/** Why a daemon does not start on the home. */
async function refusal(): Promise<string> {
  const started = await TestDaemon.start(daemon.home).catch((error: Error) => error);
  if (started instanceof Error) return started.message;
  await started.end();
  return "it started";
}

/** The command line on the home. */
async function nexora(...words: string[]) {
  const env = { ...process.env, NEXORA_HOME: daemon.home };
  const child = Bun.spawn([...program, ...words], { env, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, stdout, stderr };
}

describe("a file of the home that is lost", () => {
  test("secret.key: it is missed while secrets are sealed with it, and no session is touched", async () => {
    await daemon.newSession({ name: "kept", workspace: null });
    await daemon.end("SIGKILL");
    renameSync(file("secret.key"), aside("secret.key"));
    expect(await refusal()).toContain("secret.key is missing, and the secrets of 1 session were");
    renameSync(aside("secret.key"), file("secret.key"));
    daemon = await TestDaemon.start(daemon.home);
    const run = { command: ["echo", "here"] };
    const { stdout } = await daemon.call<ExecOutput>("POST", "/v1/sessions/kept/exec", run);
    expect(stdout).toBe("here\n");
  });

  test("instance: it is missed, as the sessions would be nobody's without it", async () => {
    await daemon.end();
    renameSync(file("instance"), aside("instance"));
    expect(await refusal()).toContain("instance is missing");
    renameSync(aside("instance"), file("instance"));
    daemon = await TestDaemon.start(daemon.home);
  });

  test("daemon.json: the daemon that runs is found, and stopped, all the same", async () => {
    rmSync(file("daemon.json"));
    const status = await nexora("daemon", "status", "--json");
    expect(JSON.parse(status.stdout).data.pid).toBe(daemon.pid);
    expect(await nexora("session", "ls")).toMatchObject({ code: 0 });
    expect(await nexora("daemon", "stop")).toMatchObject({
      code: 0,
      stdout: `stopped, pid ${daemon.pid}\n`,
    });
    daemon = await TestDaemon.start(daemon.home);
  });
});

describe("a file of the home that is not what it should be", () => {
  test.each([
    ["a folder", () => mkdirSync(file("token"))],
    ["no text", () => writeFileSync(file("token"), new Uint8Array(64).fill(7))],
    ["empty", () => writeFileSync(file("token"), "")],
  ])("a token that is %s is named, with what to do", async (_, replace) => {
    await daemon.end();
    renameSync(file("token"), aside("token"));
    replace();
    const said = await refusal();
    expect(said).toContain(file("token"));
    expect(said).toContain("a new one is made");
    rmSync(file("token"), { recursive: true });
    daemon = await TestDaemon.start(daemon.home);
  });
});

test("a full disk is said to be full, and nothing is lost", async () => {
  await daemon.end();
  const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
  chmodSync(home, 0o700);
  const script = `
    mount -t tmpfs -o size=90m,mode=700 nexora "$NEXORA_HOME" || exit 9
    "$@" daemon run --port 0 > "$NEXORA_HOME/out" & pid=$!
    until [ -e "$NEXORA_HOME/daemon.json" ]; do sleep 0.05; done
    "$@" token new before > /dev/null
    kill -KILL $pid; wait $pid 2> /dev/null
    cat /dev/zero > "$NEXORA_HOME/fill" 2> /dev/null
    "$@" daemon run --port 0 --json
    rm "$NEXORA_HOME/fill"
    "$@" token ls --json
    "$@" daemon stop -q`;
  // A mount of its own, seen by nobody else; also where this user is not root.
  const child = Bun.spawn(
    ["unshare", "--map-root-user", "--mount", "bash", "-c", script, "bash", ...program],
    { env: { ...process.env, NEXORA_HOME: home }, stdout: "pipe", stderr: "pipe" },
  );
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  await child.exited;
  rmSync(home, { recursive: true });
  expect(JSON.parse(lines[0] ?? "null")).toMatchObject({
    ok: false,
    error: { code: "disk_full", message: expect.stringContaining("full") },
  });
  expect(lines[1]).toContain('"before"');
  daemon = await TestDaemon.start(daemon.home);
});
