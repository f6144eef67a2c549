import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBackup } from "../../daemon/vault/backup.ts";
import type { Key } from "../../src/contract/keys.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";
import { NexoraCli } from "../support/nexora-cli.ts";

const passphrase = "correct horse battery staple";
const dayMs = 24 * 3600 * 1000;
/** A key like a provider's; every run has its own, so that nothing else can look like it. */
const planted = (prefix = "sk-test-") => prefix + randomBytes(30).toString("hex");

const set = (daemon: TestDaemon, provider: string, key: string, more: object = {}) =>
  daemon.call<Key>("POST", "/v1/keys", { provider, key, ...more });
const list = async (daemon: TestDaemon) =>
  (await daemon.call<{ keys: Key[] }>("GET", "/v1/keys")).keys;

/** What is in the vault, by way of a backup. */
async function contents(daemon: TestDaemon): Promise<string[]> {
  const body = { passphrase };
  const { backup } = await daemon.call<{ backup: string }>("POST", "/v1/vault/backup", body);
  return (await openBackup(backup, passphrase)).map(({ key }) => key);
}

describe("keys", () => {
  let daemon: TestDaemon;
  beforeAll(async () => {
    daemon = await TestDaemon.start();
  });
  afterAll(() => daemon[Symbol.asyncDispose]());

  /** The command line with something on its standard input. */
  async function nexora(input: string, ...words: string[]) {
    const client = new NexoraCli(daemon, "the Unix socket").start(...words);
    client.stdin.write(input);
    await client.stdin.end();
    const [stdout, stderr] = await Promise.all([
      new Response(client.stdout).text(),
      new Response(client.stderr).text(),
    ]);
    return { code: await client.exited, stdout, stderr };
  }

  test("come from standard input, are listed by their last characters, replaced and removed", async () => {
    const key = planted();
    expect(await nexora(`${key}\n`, "keys", "set", "openai")).toMatchObject({
      code: 0,
      stdout: "openai/default\n",
    });
    const { stdout } = await nexora("", "keys", "ls");
    expect(stdout).toMatch(/^PROVIDER +NAME +KEY +SET +USED +EXPIRES +HEALTH\n/);
    expect(stdout).toContain(`…${key.slice(-4)} `);
    expect(stdout).not.toContain(key.slice(-5));
    const again = await nexora(key, "keys", "set", "openai");
    expect(again).toMatchObject({ code: 5, stderr: expect.stringContaining("keys rotate openai") });
    const other = planted();
    expect((await nexora(other, "keys", "rotate", "openai")).code).toBe(0);
    expect(await list(daemon)).toMatchObject([{ last4: other.slice(-4), health: "unknown" }]);
    expect(await contents(daemon)).toEqual([other]);
    expect((await nexora("", "keys", "rm", "openai")).stdout).toBe("openai/default\n");
    expect((await nexora("", "keys", "rm", "openai")).code).toBe(4);
    expect((await nexora("", "keys", "rm", "-f", "openai")).code).toBe(0);
  });

  test("come from a prompt on a terminal, which shows none of it", async () => {
    const key = planted();
    const terminal = new NexoraCli(daemon, "the Unix socket").inTerminal("keys", "set", "groq");
    await terminal.shows("the key of groq");
    terminal.types(`${key}\r`);
    await terminal.shows("groq/default");
    expect(await terminal.exited).toBe(0);
    expect(terminal.shown()).not.toContain(key.slice(0, 8));
    expect(await contents(daemon)).toEqual([key]);
    const given = new NexoraCli(daemon, "the Unix socket").inTerminal("keys", "rotate", "groq");
    await given.shows("the key of groq");
    given.types("\x03");
    expect(await given.exited).toBe(130);
    expect(await contents(daemon)).toEqual([key]);
    await daemon.call("DELETE", "/v1/keys/groq");
  });

  test("of one provider are told apart by name, and none is guessed", async () => {
    for (const name of ["home", "work"]) await set(daemon, "mistral", planted(), { name });
    await expect(daemon.call("DELETE", "/v1/keys/mistral")).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("home, work"),
    });
    await expect(daemon.call("DELETE", "/v1/keys/mistral?name=none")).rejects.toMatchObject({
      code: "not_found",
    });
    await daemon.call("DELETE", "/v1/keys/mistral?name=home");
    await daemon.call("DELETE", "/v1/keys/mistral");
    expect(await list(daemon)).toEqual([]);
  });

  test("that expire soon are announced; one that has expired already is refused", async () => {
    const soon = new Date(Date.now() + 3 * dayMs).toISOString().slice(0, 10);
    await set(daemon, "xai", planted(), { expires: soon });
    const { message } = await eventOf(daemon, "key_expires");
    expect(message).toContain("xai/default expires on");
    const over = { key: planted(), expires: "2020-01-31" };
    await expect(daemon.call("PUT", "/v1/keys/xai", over)).rejects.toMatchObject({ code: "usage" });
    await daemon.call("DELETE", "/v1/keys/xai");
  });

  test("go from home to home in a backup, with its passphrase only", async () => {
    const keys = [planted(), planted()];
    await set(daemon, "openai", keys[0] ?? "", { rpm: 60 });
    await set(daemon, "groq", keys[1] ?? "", { name: "work", expires: "2099-01-31" });
    const file = join(mkdtempSync(join(daemon.home, "backup-")), "keys.backup");
    expect(await nexora(`${passphrase}\n`, "keys", "backup", file)).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const provider of ["openai", "groq"]) await daemon.call("DELETE", `/v1/keys/${provider}`);
    expect(await nexora("another passphrase", "keys", "restore", file)).toMatchObject({ code: 3 });
    expect(await nexora("short", "keys", "restore", file)).toMatchObject({ code: 2 });
    const restored = await nexora(passphrase, "keys", "restore", file);
    expect(restored).toMatchObject({ code: 0, stdout: "openai/default\ngroq/work\n" });
    expect((await contents(daemon)).sort()).toEqual(keys.sort());
    expect(await list(daemon)).toMatchObject([
      { provider: "openai", rpm: 60 },
      { provider: "groq", expiresAt: "2099-02-01T00:00:00.000Z" },
    ]);
    await daemon.call("PUT", "/v1/keys/openai", { key: planted() });
    const kept = await nexora(passphrase, "keys", "restore", file);
    expect(kept).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("groq/work"),
    });
    await nexora(passphrase, "keys", "restore", "--replace", file);
    expect((await contents(daemon)).sort()).toEqual(keys.sort());
    for (const provider of ["openai", "groq"]) await daemon.call("DELETE", `/v1/keys/${provider}`);
  });
});

describe("the master key", () => {
  /** Why a daemon does not start on the home. */
  async function refusal(home: string): Promise<string> {
    const started = await TestDaemon.start(home).catch((error: Error) => error);
    if (started instanceof Error) return started.message;
    await started.end();
    return "it started";
  }

  test("that others may read keeps the daemon from starting, which says what repairs it", async () => {
    let daemon = await TestDaemon.start();
    const key = planted();
    await set(daemon, "openai", key);
    await daemon.end();
    const folder = join(daemon.home, "secrets");
    const file = join(folder, "master.key");
    chmodSync(file, 0o644);
    expect(await refusal(daemon.home)).toContain(`chmod 600 ${file}`);
    chmodSync(file, 0o600);
    chmodSync(folder, 0o755);
    expect(await refusal(daemon.home)).toContain(`chmod 700 ${folder}`);
    chmodSync(folder, 0o700);
    daemon = await TestDaemon.start(daemon.home);
    await using _daemon = daemon;
    expect(await contents(daemon)).toEqual([key]);
  });

  test("may lie elsewhere, in a file that the environment names", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nexora-master-"));
    using ends = new DisposableStack();
    ends.defer(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "key");
    writeFileSync(file, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
    const env = { NEXORA_MASTER_KEY_FILE: file };
    let daemon = await TestDaemon.start(undefined, env);
    const key = planted();
    await set(daemon, "openai", key);
    const before = readFileSync(file, "utf8");
    await daemon.call("POST", "/v1/vault/rotate-master");
    expect(readFileSync(file, "utf8")).not.toBe(before);
    expect(readdirSync(daemon.home)).not.toContain("secrets");
    await daemon.end();
    daemon = await TestDaemon.start(daemon.home, env);
    expect(await contents(daemon)).toEqual([key]);
    await daemon.end();
    // Without it, all else works.
    daemon = await TestDaemon.start(daemon.home);
    await using _daemon = daemon;
    expect(await list(daemon)).toMatchObject([{ provider: "openai", health: "locked" }]);
    await expect(contents(daemon)).rejects.toMatchObject({ code: "conflict" });
    await expect(daemon.call("POST", "/v1/vault/rotate-master")).rejects.toMatchObject({
      code: "conflict",
    });
    await daemon.call("DELETE", "/v1/keys/openai");
  });

  test.each(["made", "sealed", "committed", "adopted"])(
    "is changed, or is not, when the daemon is killed at `master:%s`: every key opens",
    async (point) => {
      const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
      let daemon = await TestDaemon.start(home, { NEXORA_FAULT: `master:${point}` });
      const keys = [planted(), planted(), planted()];
      for (const [at, key] of keys.entries()) await set(daemon, "openai", key, { name: `k${at}` });
      const before = readFileSync(join(home, "secrets/master.key"), "utf8");
      const cut = await daemon.call("POST", "/v1/vault/rotate-master").catch((error) => error);
      expect(cut).toBeInstanceOf(Error);
      await daemon.ended;
      daemon = await TestDaemon.start(home);
      await using _daemon = daemon;
      expect(await contents(daemon)).toEqual(keys);
      expect(readdirSync(join(home, "secrets"))).toEqual(["master.key"]);
      const changed = readFileSync(join(home, "secrets/master.key"), "utf8") !== before;
      expect(changed).toBe(point === "committed" || point === "adopted");
      await daemon.call("POST", "/v1/vault/rotate-master");
      expect(await contents(daemon)).toEqual(keys);
    },
  );
});
