import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { mountPoints, unmount } from "../../daemon/workspaces/mounts.ts";
import type { NexoraError } from "../../src/contract/errors.ts";
import { Workstations } from "../support/workstations.ts";

let it: Workstations;
beforeAll(async () => {
  it = await Workstations.open();
});
afterAll(async () => {
  await it?.[Symbol.asyncDispose]();
});

async function project(owner?: { uid: number; gid: number }): Promise<string> {
  const folder = await mkdtemp(join(it.folder, "project-"));
  await writeFile(join(folder, "from-outside"), "hello\n");
  if (owner) {
    await chown(folder, owner.uid, owner.gid);
    await chown(join(folder, "from-outside"), owner.uid, owner.gid);
  }
  return folder;
}

async function views(): Promise<string[]> {
  return (await mountPoints()).filter((point) => point.startsWith(`${it.folder}/home/mounts/`));
}

const useIt = `cd /workspace && echo more >> from-outside && mkdir made && echo new > made/inside &&
  git init --quiet && git -c user.name=n -c user.email=e commit --quiet --allow-empty -m one &&
  git status --short && stat -c '%u:%g' . from-outside made/inside .git`;

test("a session without a folder has an empty workspace of its own, fit for git", async () => {
  const ref = await it.running(null);
  const used = await it.run(ref, `touch /workspace/from-outside; ${useIt}`);
  expect(used.exitCode, used.output).toBe(0);
  await it.driver.remove(ref, { home: true });
  expect((await it.objects()).volumes).toEqual([]);
});

test("a folder that was swapped before a start is refused: a link to elsewhere, and another folder", async () => {
  const outer = await project();
  const folder = join(outer, "sub");
  const elsewhere = await project();
  await mkdir(folder);
  await chmod(elsewhere, 0o700);
  for (const swap of [() => symlink(elsewhere, folder), () => mkdir(folder)]) {
    const spec = await it.spec(folder);
    const ref = await it.driver.create(spec);
    await it.driver.start(ref, it.boot());
    await it.driver.stop(ref, { graceMs: 0 });
    await rename(folder, join(outer, "kept"));
    await swap();
    for (const view of await views()) unmount(view);
    const refused = expect.objectContaining({ code: "workspace_not_found" });
    await expect(it.driver.start(ref, it.boot())).rejects.toEqual(refused);
    await it.driver.remove(ref, { home: false });
    await expect(it.driver.create(spec)).rejects.toEqual(refused);
    await it.driver.remove(ref, { home: true });
    await rm(folder, { recursive: true });
    await rename(join(outer, "kept"), folder);
  }
  expect(await views()).toEqual([]);
});

test("a folder that is gone when the workstation is made is reported, and nothing is left", async () => {
  const folder = await project();
  const spec = await it.spec(folder);
  await rm(folder, { recursive: true });
  const error: NexoraError = await it.driver.create(spec).catch((thrown) => thrown);
  expect(error.code).toBe("workspace_not_found");
  expect(error.message).toContain(folder);
  expect(await it.objects()).toEqual({ containers: [], volumes: [] });
  expect(await views()).toEqual([]);
});

function asRoot() {
  test("a folder of root's is the normal user's inside, and root's on the disk", async () => {
    const folder = await project();
    const ref = await it.running(folder);
    const used = await it.run(ref, `${useIt} && id -u`);
    expect(used.exitCode, used.output).toBe(0);
    const inside = used.output.split("\n").slice(-5);
    expect(inside).toEqual([...Array(4).fill("61000:61000"), "61000"]);
    for (const file of ["from-outside", "made", "made/inside", ".git/HEAD"]) {
      expect(await stat(join(folder, file))).toMatchObject({ uid: 0, gid: 0 });
    }
    await writeFile(join(folder, "later"), "from root\n", { mode: 0o600 });
    expect((await it.run(ref, "cat /workspace/later && rm /workspace/later")).output).toBe(
      "from root",
    );
    expect(await readFile(join(folder, "from-outside"), "utf8")).toBe("hello\nmore\n");
    await it.driver.remove(ref, { home: true });
  });

  test("what its path leads to while it is started does not matter: its view is of the folder itself", async () => {
    const outer = await project({ uid: 1234, gid: 1235 });
    const [folder, secret] = [join(outer, "sub"), await project()];
    await mkdir(folder);
    await chown(folder, 1234, 1235);
    await chmod(secret, 0o700);
    const spec = await it.spec(folder);
    // An agent in `outer` swaps without a pause.
    const swapper = Bun.spawn([
      "python3",
      "-c",
      `import os, sys
here, aside, link = sys.argv[1:4]
os.symlink(sys.argv[4], link)
while True:
    try:
        os.rename(here, aside); os.rename(link, here)
        os.rename(here, link); os.rename(aside, here)
    except OSError: pass`,
      ...[folder, join(outer, "aside"), join(outer, "link"), secret],
    ]);
    const seen = new Set<string>();
    try {
      for (let round = 0; round < 12; round++) {
        const own = { ...spec, session: `${spec.session}${round}` };
        const started = it.driver.create(own).then(async (ref) => {
          await it.driver.start(ref, it.boot());
          return ref;
        });
        const ref = await started.catch((error) => {
          expect(error.code).toBe("workspace_not_found");
          return null;
        });
        if (ref === null) continue;
        seen.add((await it.run(ref, "ls -A /workspace")).output);
        await it.driver.remove(ref, { home: true });
      }
    } finally {
      swapper.kill();
      await swapper.exited;
    }
    expect([...seen].filter((found) => found !== "")).toEqual([]);
  });

  test("its view goes with the session, the folder stays", async () => {
    const folder = await project();
    const ref = await it.running(folder);
    expect(await views()).toHaveLength(1);
    await it.driver.remove(ref, { home: true });
    expect(await views()).toEqual([]);
    expect(await readFile(join(folder, "from-outside"), "utf8")).toBe("hello\n");
  });

  test("its view is made again for a start after a reboot", async () => {
    const ref = await it.running(await project());
    await it.driver.stop(ref, { graceMs: 0 });
    for (const view of await views()) unmount(view);
    await it.driver.start(ref, it.boot());
    expect((await it.run(ref, "cat /workspace/from-outside")).output).toBe("hello");
    await it.driver.remove(ref, { home: true });
  });

  test("views outlive the daemon, are found again, and are taken away one by one", async () => {
    const workspace = await project();
    const user = { uid: 61_000, gid: 61_000, identity: null };
    await it.workspaces.prepare({ session: "s_lives", workspace, ...user });
    await it.workspaces.prepare({ session: "s_crashed", workspace, ...user });
    expect((await it.workspaces.views()).sort()).toEqual(["s_crashed", "s_lives"]);
    await it.workspaces.release("s_crashed");
    expect(await views()).toEqual([join(it.folder, "home/mounts/s_lives")]);
    await it.workspaces.release("s_lives");
    await it.workspaces.release("s_lives");
    expect(await views()).toEqual([]);
  });

  test("the views are closed to other users of the host", async () => {
    await it.workspaces.prepare({
      session: "s_x",
      workspace: await project(),
      identity: null,
      uid: 61_000,
      gid: 61_000,
    });
    expect((await stat(join(it.folder, "home/mounts"))).mode & 0o777).toBe(0o700);
    await it.workspaces.release("s_x");
  });

  test("a folder of a user's is shown as it is, and its workstation runs as that user", async () => {
    const folder = await project({ uid: 1234, gid: 1235 });
    const ref = await it.running(folder);
    const used = await it.run(ref, useIt);
    expect(used.exitCode, used.output).toBe(0);
    expect(await stat(join(folder, "made/inside"))).toMatchObject({ uid: 1234, gid: 1235 });
    await it.driver.remove(ref, { home: true });
  });

  test("where the file system cannot map ids, the way out is given and nothing is left", async () => {
    const folder = await project();
    expect(Bun.spawnSync(["mount", "-t", "ramfs", "none", folder]).exitCode).toBe(0);
    try {
      const spec = await it.spec(folder);
      const error: NexoraError = await it.driver.create(spec).catch((thrown) => thrown);
      expect(error.code).toBe("engine_failed");
      expect(error.message).toContain("does not support id-mapped mounts");
      expect(error.hint).toContain("chown");
      expect(await it.objects()).toEqual({ containers: [], volumes: [] });
      await it.driver.remove({ ...spec, handle: "" }, { home: true });
      expect(await readdir(join(it.folder, "home/mounts"))).toEqual([]);
    } finally {
      unmount(folder);
    }
  });
}

function asNormalUser() {
  test("the workstation runs as the caller, on the folder itself", async () => {
    const folder = await project();
    const ref = await it.running(folder);
    const used = await it.run(ref, useIt);
    expect(used.exitCode, used.output).toBe(0);
    expect((await stat(join(folder, "made/inside"))).uid).toBe(process.geteuid?.() ?? -1);
    await it.driver.remove(ref, { home: true });
  });
}

// Which of the two ways a workspace is shared is given by who calls.
if (process.geteuid?.() === 0) describe("a caller who is root", asRoot);
else describe("a caller who is a normal user", asNormalUser);
