import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planWorkspace } from "../../../../daemon/workspaces/plan.ts";
import type { NexoraError } from "../../../../src/contract/errors.ts";

let root: string;
const ann = { euid: 1234, egid: 100 };

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "nexora-plan-")));
  await mkdir(join(root, "home/.local/nexora/data"), { recursive: true });
  await mkdir(join(root, "project"));
  await writeFile(join(root, "file"), "");
  await symlink("project", join(root, "link"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function plan(workspace: string | null, caller = ann) {
  return planWorkspace({ workspace, home: join(root, "home/.local/nexora"), ...caller });
}

function refusal(workspace: string): Promise<NexoraError> {
  return plan(workspace).then(
    () => {
      throw new Error("it was accepted");
    },
    (error) => error,
  );
}

test("a workstation runs as its caller", async () => {
  expect(await plan(join(root, "project"))).toEqual({
    uid: 1234,
    gid: 100,
    source: join(root, "project"),
    identity: String((await stat(join(root, "project"))).ino),
    mapped: false,
  });
});

test("a symbolic link is resolved", async () => {
  expect((await plan(join(root, "link"))).source).toBe(join(root, "project"));
});

test("root's workstation runs as the folder's owner, and never as root", async () => {
  const { uid } = await stat(join(root, "project"));
  const it = await plan(join(root, "project"), { euid: 0, egid: 0 });
  expect(it.uid).toBe(uid === 0 ? 61_000 : uid);
  expect(it.gid).not.toBe(0);
  expect(it.mapped).toBe(uid === 0);
});

test("root's workstation without a folder runs as a normal user", async () => {
  expect(await plan(null, { euid: 0, egid: 0 })).toEqual({
    uid: 61_000,
    gid: 61_000,
    source: null,
    identity: null,
    mapped: false,
  });
});

test("a folder that does not exist and a file are refused, each by its name", async () => {
  const missing = await refusal(join(root, "nowhere"));
  expect(missing.code).toBe("workspace_not_found");
  expect(missing.message).toContain("nowhere cannot be used: it does not exist");
  const file = await refusal(join(root, "file"));
  expect(file.code).toBe("workspace_not_found");
  expect(file.message).toContain("is not a folder");
});

test.each([
  "/",
  "/etc",
  "/etc/ssl",
  "/usr/bin",
  "/var",
  "/var/lib",
  "/var/lib/dpkg/info",
  "/var/log/apt",
  "/run",
  "/boot",
  "/lib",
  "/dev",
  "/proc/self",
  "/sys/kernel",
])("%s is the host's system, not a workspace", async (folder) => {
  const error = await refusal(folder);
  expect(error.code).toBe("usage");
  expect(error.message).toContain("part of the host's system");
});

test("a relative path is refused: relative to what?", async () => {
  expect(await refusal("project")).toMatchObject({
    code: "usage",
    message: "the workspace project is not an absolute path",
  });
});

test.each(["", "/data", "/data/../mounts/s_1", "-link/data"])(
  "a folder of the daemon's own state is refused: %s",
  async (path) => {
    await mkdir(join(root, "home/.local/nexora/mounts/s_1"), { recursive: true });
    await symlink("nexora", join(root, "home/.local/nexora-link")).catch(() => {});
    const error = await refusal(join(root, `home/.local/nexora${path}`));
    expect(error.code).toBe("usage");
    expect(error.message).toMatch(/part of Nexora's own state|contains Nexora's own keys/);
  },
);

test("a folder that holds the daemon's own socket and keys is refused", async () => {
  const error = await refusal(join(root, "home"));
  expect(error.code).toBe("usage");
  expect(error.message).toContain(join(root, "home/.local/nexora"));
});
