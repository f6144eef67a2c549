import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockHome } from "../../daemon/lock.ts";

const lockModule = join(import.meta.dir, "../../daemon/lock.ts");
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "nexora-lock-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A process that takes the lock, says so, runs `then`, and stays until it is killed. */
async function holder(then = "") {
  const code = `const { lockHome } = await import(${JSON.stringify(lockModule)});
    const lock = lockHome(${JSON.stringify(home)}); ${then} console.log("locked");
    setInterval(() => lock, 1000);`;
  const child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe", stderr: "inherit" });
  for await (const chunk of child.stdout) {
    if (new TextDecoder().decode(chunk).includes("locked")) return child;
  }
  throw new Error("the holder ended early");
}

test("a second daemon is told who holds the home, and since when", async () => {
  const before = new Date();
  const child = await holder();
  try {
    expect(() => lockHome(home)).toThrow(
      expect.objectContaining({
        code: "daemon_running",
        message: expect.stringContaining(`pid ${child.pid}`),
      }),
    );
    const error = catching(() => lockHome(home));
    const since = new Date(String(error.details?.since));
    expect(since.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(since.getTime()).toBeLessThanOrEqual(Date.now());
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
});

test("SIGKILL frees the lock at once", async () => {
  const child = await holder();
  child.kill("SIGKILL");
  await child.exited;
  lockHome(home)[Symbol.dispose]();
});

test("a child of the daemon does not keep the lock when the daemon is killed", async () => {
  const grandchild = `const c = Bun.spawn(["sleep", "60"], { stdio: ["ignore", "ignore", "ignore"] });
    await Bun.write(${JSON.stringify(join(home, "child"))}, String(c.pid));`;
  const child = await holder(grandchild);
  child.kill("SIGKILL");
  await child.exited;
  const sleeping = Number(await Bun.file(join(home, "child")).text());
  try {
    process.kill(sleeping, 0);
    lockHome(home)[Symbol.dispose]();
  } finally {
    process.kill(sleeping, "SIGKILL");
  }
});

test("a stale lock file of an earlier run does not matter", async () => {
  await Bun.write(
    join(home, "lock"),
    '{"pid":1,"since":"a long and stale text of an earlier run"}\n',
  );
  const lock = lockHome(home);
  const text = await Bun.file(lock.path).text();
  expect(JSON.parse(text)).toMatchObject({ pid: process.pid });
  lock[Symbol.dispose]();
});

test("of ten processes that start at once exactly one gets the lock", async () => {
  const code = `const { lockHome } = await import(${JSON.stringify(lockModule)});
    try { globalThis.lock = lockHome(${JSON.stringify(home)}); console.log("got"); }
    catch (error) { console.log(error.code); }
    process.stdin.resume();`;
  const children = Array.from({ length: 10 }, () =>
    Bun.spawn([process.execPath, "-e", code], { stdin: "pipe", stdout: "pipe", stderr: "inherit" }),
  );
  const answers = await Promise.all(
    children.map(async (child) => {
      for await (const chunk of child.stdout) return new TextDecoder().decode(chunk).trim();
      return "nothing";
    }),
  );
  for (const child of children) child.stdin.end();
  await Promise.all(children.map((child) => child.exited));
  expect(answers.sort()).toEqual([...Array(9).fill("daemon_running"), "got"]);
});

function catching(run: () => unknown): { details?: Record<string, unknown> } {
  try {
    run();
  } catch (error) {
    return error as { details?: Record<string, unknown> };
  }
  throw new Error("nothing was thrown");
}
