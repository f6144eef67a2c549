import { describe, expect, test } from "bun:test";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { followFile, lastLines } from "../../../cli/log-file.ts";
import { endOf, processIdentity } from "../../../cli/process-identity.ts";
import type { Paths } from "../../../src/paths.ts";
import { Bench } from "./support.ts";

/** A process that listens and registers as a daemon does; on `stop` it ends, or refuses to. */
async function startDaemon(paths: Paths, onStop: "end" | "ignore"): Promise<Bun.Subprocess> {
  const code = `
    const paths = ${JSON.stringify(paths)};
    const status = { pid: process.pid, version: "0.0.9", memoryBytes: 1 };
    Bun.serve({ unix: paths.socket, fetch(request) {
      if (request.method === "POST" && ${onStop === "end"}) setImmediate(() => process.exit(0));
      return Response.json(status);
    } });
    await Bun.write(paths.registration, JSON.stringify(status));
    console.log("up");`;
  const child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe" });
  await child.stdout.getReader().read();
  return child;
}

describe("daemon stop", () => {
  test("resolves when the process has ended, whatever its version", async () => {
    await using bench = new Bench();
    const daemon = await startDaemon(bench.paths, "end");
    const { code, stdout } = await bench.run(["daemon", "stop"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `stopped, pid ${daemon.pid}\n` });
    expect(await daemon.exited).toBe(0);
  });

  test("never signals a process that only the registration claims", async () => {
    await using bench = new Bench();
    const stranger = Bun.spawn(["sleep", "30"]);
    try {
      const claim = { pid: stranger.pid, version: "0.0.9" };
      writeFileSync(bench.paths.registration, JSON.stringify(claim));
      const { code, stderr } = await bench.run(["daemon", "stop"]);
      expect(code).toBe(10);
      expect(stderr).toContain("no signal was sent");
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });
});

test("daemon restart stops the one that runs, and starts it again", async () => {
  await using bench = new Bench();
  const before = await startDaemon(bench.paths, "end");
  // What the test's daemon is started with ends at once.
  const { code, stderr } = await bench.run(["daemon", "restart"]);
  expect(await before.exited).toBe(0);
  expect(code).toBe(10);
  expect(stderr).toContain("the daemon exited at once");
  const remote = await bench.run(["daemon", "restart"], { env: { NEXORA_HOST: "http://x" } });
  expect(remote.code).toBe(2);
});

describe("config", () => {
  test("path says where the file is, without a daemon", async () => {
    await using bench = new Bench();
    const { config } = bench.paths;
    expect((await bench.run(["config", "path"])).stdout).toBe(`${config}\n`);
    const json = JSON.parse((await bench.run(["config", "path", "--json"])).stdout);
    expect(json.data).toEqual({ path: config, exists: false });
  });

  test("show prints what the daemon works with as a file of it, and says when it is out of date", async () => {
    await using bench = new Bench();
    const config = { sessions: { cpus: 4 } };
    let changed = false;
    bench.serve(() => Response.json({ path: "/etc/c.json", changed, config }));
    const fresh = await bench.run(["config", "show"]);
    expect(JSON.parse(fresh.stdout)).toEqual(config);
    expect(fresh.stderr).toBe("");
    changed = true;
    expect((await bench.run(["config", "show"])).stderr).toContain("`nexora daemon restart`");
  });
});

test("endOf gives up at its deadline, and tells a process from its successor", async () => {
  const signal = new AbortController().signal;
  const child = Bun.spawn(["sleep", "30"]);
  const identity = processIdentity(child.pid);
  expect(identity).not.toBeNull();
  expect(await endOf(child.pid, identity, 30, signal)).toBe(false);
  expect(await endOf(child.pid, "another", 30, signal)).toBe(true);
  child.kill();
  expect(await endOf(child.pid, identity, 5_000, signal)).toBe(true);
});

describe("daemon logs", () => {
  test("prints the last lines without a daemon, and is clear when there is no log", async () => {
    await using bench = new Bench();
    expect((await bench.run(["daemon", "logs"])).code).toBe(4);
    writeFileSync(bench.paths.log, "one\ntwo\x1b[2J\nthree\n");
    const { stdout } = await bench.run(["daemon", "logs", "-n", "2"]);
    expect(stdout).toBe("two�[2J\nthree\n");
    const json = await bench.run(["daemon", "logs", "-n", "1", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({ line: "three" });
  });

  test("follows what is added, also when the file is rotated", async () => {
    await using bench = new Bench();
    const { log } = bench.paths;
    writeFileSync(log, "old\n");
    const abort = new AbortController();
    const lines = followFile(log, lastLines(log, 0).end, abort.signal);
    const next = async () => (await lines.next()).value;
    const first = next();
    appendFileSync(log, "a\nb");
    expect(await first).toBe("a");
    const second = next();
    appendFileSync(log, "c\n");
    expect(await second).toBe("bc");
    const third = next();
    renameSync(log, `${log}.1`);
    writeFileSync(log, "d\n");
    expect(await third).toBe("d");
    const last = next();
    abort.abort(new Error("enough"));
    await expect(last).rejects.toThrow("enough");
  });
});
