import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchDaemon } from "../../../src/client/launch.ts";
import { findDaemon } from "../../../src/client/probe.ts";
import { type Paths, pathsOf } from "../../../src/paths.ts";

const signal = new AbortController().signal;
const env = process.env;
let paths: Paths;
let pids: number[];

beforeEach(() => {
  pids = [];
  paths = pathsOf({ NEXORA_HOME: mkdtempSync(join(tmpdir(), "nexora-launch-")) });
});
afterEach(() => {
  for (const pid of pids) process.kill(pid, "SIGKILL");
  rmSync(paths.home, { recursive: true });
});

/** A command that behaves like a daemon: listens, then registers. */
function daemon(status: object = {}): string[] {
  const code = `
    const paths = ${JSON.stringify(paths)};
    const status = { pid: process.pid, version: "1.0.0", socket: paths.socket, ...${JSON.stringify(status)} };
    Bun.serve({ unix: paths.socket, fetch: () => Response.json(status) });
    require("node:fs").writeFileSync(paths.registration,
      JSON.stringify({ pid: process.pid, version: "1.0.0", socket: paths.socket }));`;
  return [process.execPath, "-e", code];
}

const program = (code: string) => [process.execPath, "-e", code];

describe("launchDaemon", () => {
  test("resolves once the daemon answers, and leaves it running", async () => {
    await launchDaemon({ paths, command: daemon(), env, signal });
    const found = await findDaemon(paths, signal);
    pids.push(found?.pid ?? 0);
    expect(found).toMatchObject({ version: "1.0.0", socket: paths.socket });
  });

  test("shows what a daemon that dies has written, and not what was there before", async () => {
    writeFileSync(paths.log, "yesterday\n");
    const command = program('console.error("no space left"); process.exit(20)');
    const error = await launchDaemon({ paths, command, env, signal }).catch((thrown) => thrown);
    expect(error.code).toBe("daemon_unreachable");
    expect(error.message).toMatch(/code 20.*no space left/s);
    expect(error.message).not.toContain("yesterday");
  });

  test("waits for the daemon that another process is starting", async () => {
    const held = { ok: false, error: { code: "daemon_running", message: "held" } };
    const command = program(`console.log('${JSON.stringify(held)}'); process.exit(5)`);
    const loser = launchDaemon({ paths, command, env, signal });
    await launchDaemon({ paths, command: daemon(), env, signal });
    await loser;
    pids.push((await findDaemon(paths, signal))?.pid ?? 0);
  });

  test("passes on at once why the daemon cannot start, whatever its exit code", async () => {
    const taken = { ok: false, error: { code: "conflict", message: "port 9301 is taken" } };
    const command = program(`console.log('${JSON.stringify(taken)}'); process.exit(5)`);
    await expect(launchDaemon({ paths, command, env, signal })).rejects.toMatchObject({
      code: "conflict",
      message: "port 9301 is taken",
    });
  });

  test("gives up at the deadline", async () => {
    const command = program("setTimeout(() => {}, 3000)");
    await expect(launchDaemon({ paths, command, env, signal, deadlineMs: 150 })).rejects.toThrow(
      "within 0.15 s",
    );
  });

  test("gives the daemon an absolute home, for it runs in another folder", async () => {
    const command = program(
      "console.error(process.cwd(), process.env.NEXORA_HOME); process.exit(1)",
    );
    const launch = launchDaemon({ paths, command, env: { ...env, NEXORA_HOME: "." }, signal });
    await expect(launch).rejects.toThrow(`/ ${paths.home}`);
  });

  test("stops waiting when it is aborted", async () => {
    const abort = new AbortController();
    const command = program("setTimeout(() => {}, 3000)");
    const launch = launchDaemon({ paths, command, env, signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(launch).rejects.toThrow("enough");
  });
});

describe("findDaemon", () => {
  test("does not believe a registration that a dead daemon left", async () => {
    writeFileSync(paths.registration, JSON.stringify({ pid: process.pid, version: "1.0.0" }));
    expect(await findDaemon(paths, signal)).toBeNull();
  });

  test("asks the daemon itself, whatever the registration says, or without one", async () => {
    const server = Bun.serve({
      unix: paths.socket,
      fetch: () => Response.json({ pid: 1, version: "1.0.0" }),
    });
    try {
      expect(await findDaemon(paths, signal)).toMatchObject({ pid: 1 });
      writeFileSync(paths.registration, JSON.stringify({ pid: 2, version: "2.0.0" }));
      expect(await findDaemon(paths, signal)).toMatchObject({ pid: 1, version: "1.0.0" });
    } finally {
      await server.stop(true);
    }
  });

  test("takes an answer that is no registration for none", async () => {
    const server = Bun.serve({ unix: paths.socket, fetch: () => Response.json(["up"]) });
    try {
      expect(await findDaemon(paths, signal)).toBeNull();
    } finally {
      await server.stop(true);
    }
  });
});
