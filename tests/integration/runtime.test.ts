import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSeccomp } from "../../daemon/drivers/docker/security.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon } from "../support/daemon.ts";

const ownProfile = new URL("../../docker/workstation/seccomp.json", import.meta.url).pathname;

async function failure(attempt: Promise<unknown>): Promise<NexoraError> {
  const error = await attempt.then(
    () => null,
    (thrown) => thrown,
  );
  if (error instanceof NexoraError) return error;
  throw new Error("it did not fail as it should", { cause: error });
}

/** A daemon with this configuration. */
async function daemonWith(config: object): Promise<TestDaemon> {
  const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
  writeFileSync(join(home, "config.json"), JSON.stringify(config));
  try {
    return await TestDaemon.start(home);
  } catch (error) {
    await rm(home, { recursive: true });
    throw error;
  }
}

describe("a container runtime", () => {
  let daemon: TestDaemon;
  beforeAll(async () => {
    daemon = await daemonWith({});
  });
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
  });

  test("that the engine does not offer is refused before anything is made", async () => {
    const error = await failure(daemon.newSession({ runtime: "no-such-runtime" }));
    expect(error).toMatchObject({ code: "usage", exitCode: 2 });
    expect(error.message).toContain("no-such-runtime");
    expect(error.message).toContain("runc");
    expect(error.hint).toContain("daemon.json");
    expect(await daemon.call("GET", "/v1/sessions")).toEqual({ sessions: [] });
    expect(await daemon.call("GET", "/v1/events")).toEqual({ events: [] });
  });

  test("that it offers runs the session, which says so", async () => {
    const session = await daemon.newSession({ runtime: "io.containerd.runc.v2" });
    expect(session).toMatchObject({ state: "running", runtime: "io.containerd.runc.v2" });
    const path = `/v1/sessions/${session.id}`;
    const echo = { command: ["echo", "there"] };
    expect(await daemon.call("POST", `${path}/exec`, echo)).toMatchObject({ stdout: "there\n" });
    await daemon.call("POST", `${path}/stop`);
    const again = await daemon.call<Session>("POST", `${path}/start`);
    expect(again).toMatchObject({ state: "running", runtime: "io.containerd.runc.v2" });
  });
});

describe("a seccomp profile of one's own", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexora-test-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("is what the session's processes are held to", async () => {
    const profile = JSON.parse(await readFile(ownProfile, "utf8"));
    const path = join(folder, "no-links.json");
    const links = { names: ["symlink", "symlinkat"], action: "SCMP_ACT_ERRNO", errnoRet: 1 };
    for (const rule of profile.syscalls) {
      rule.names = rule.names.filter((name: string) => !links.names.includes(name));
    }
    profile.syscalls.push(links);
    await Bun.write(path, JSON.stringify(profile));
    await using daemon = await daemonWith({ isolation: { seccompProfile: path } });
    const { id } = await daemon.newSession();
    const command = ["ln", "-s", "a", "/tmp/link"];
    const reply = await daemon.call("POST", `/v1/sessions/${id}/exec`, { command });
    expect(reply).toMatchObject({ exitCode: 1 });
    expect(JSON.stringify(reply)).toContain("Operation not permitted");
  });

  test.each([
    ["that is missing", null, "no such file"],
    ["that is no JSON", "{", "not valid JSON"],
    ["that is no profile", "{}", "defaultAction"],
  ])("%s is named", async (_, content, why) => {
    const path = join(folder, "profile.json");
    await rm(path, { force: true });
    if (content !== null) await Bun.write(path, content);
    const error = await failure(readSeccomp(path));
    expect(error).toMatchObject({ code: "config_invalid", exitCode: 2 });
    expect(error.message).toContain(path);
    expect(error.message).toContain(why);
  });

  test("that cannot be used keeps the daemon from starting, and says so", async () => {
    const path = join(folder, "nowhere.json");
    const start = daemonWith({ isolation: { seccompProfile: path } });
    await expect(start).rejects.toThrow(path);
  });
});

test("an AppArmor profile that cannot hold is an error, never silently nothing", async () => {
  await using daemon = await daemonWith({ isolation: { apparmor: "nexora-no-such-profile" } });
  const error = await failure(daemon.newSession());
  expect(error.message).toMatch(/AppArmor/);
  expect(error.message).toContain("nexora-no-such-profile");
  expect(await daemon.call("GET", "/v1/sessions")).toEqual({ sessions: [] });
});
