import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseImage } from "../support/workstations.ts";

const binary = join(import.meta.dir, "../../dist/nexora");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nexora-bad-"));
  mkdirSync(join(folder, "work"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A home of its own with this configuration; `stop` ends its daemon and sessions. */
function home(name: string, config: unknown = {}, env: Record<string, string> = {}) {
  const path = join(folder, name);
  mkdirSync(path, { mode: 0o700 });
  writeFileSync(
    join(path, "config.json"),
    typeof config === "string" ? config : JSON.stringify(config),
  );
  const nexora = (...argv: string[]) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync([binary, ...argv], {
      cwd: join(folder, "work"),
      env: { PATH: process.env.PATH ?? "", HOME: folder, NEXORA_HOME: path, ...env },
    });
    return { code: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
  };
  const stop = () => {
    nexora("session", "rm", "--all");
    nexora("daemon", "stop");
  };
  return { path, nexora, stop };
}

const image = ["--image", baseImage];

test("without a Docker engine, verbs say so with exit 20, and doctor says what to do", () => {
  const { nexora, stop } = home("no-engine", {}, { DOCKER_HOST: "unix:///nowhere/docker.sock" });
  try {
    const opened = nexora("session", "new");
    expect(opened.code).toBe(20);
    expect(opened.stderr).toContain("no such socket");
    expect(opened.stderr).toContain("docker.io");
    expect(nexora("session", "ls").code).toBe(0);
    const doctor = nexora("doctor");
    expect(doctor.code).not.toBe(0);
    expect(doctor.stdout + doctor.stderr).toContain("/nowhere/docker.sock");
  } finally {
    stop();
  }
});

test("a configuration that cannot be used is named with its field, exit 2, and nothing starts", () => {
  for (const [name, text, words] of [
    ["broken", "{", "not valid JSON"],
    ["unknown", '{"deamon":{}}', "deamon"],
    ["range", '{"ports":{"vnc":[6000,5999]}}', "ports.vnc"],
    ["overlap", '{"ports":{"vnc":[6000,6009],"cdp":[6005,6019]}}', "overlap"],
  ] as const) {
    const { nexora } = home(`config-${name}`, text);
    const { code, stderr } = nexora("session", "ls");
    expect([name, code]).toEqual([name, 2]);
    expect(stderr).toContain(words);
    expect(nexora("daemon", "status").code).toBe(10);
  }
});

test("used-up ports are told with their holders, exit 5, and change nothing", () => {
  const { nexora, stop } = home("ports", {
    ports: { vnc: [25_900, 25_900], cdp: [25_922, 25_923] },
  });
  try {
    expect(nexora("session", "new", "first", ...image).code).toBe(0);
    const second = nexora("session", "new", "second", ...image);
    expect(second.code).toBe(5);
    expect(second.stderr).toContain("first (25900)");
    expect(nexora("session", "ls").stdout).not.toContain("second");
    expect(nexora("session", "rm", "first").code).toBe(0);
    expect(nexora("session", "new", "second", ...image).code).toBe(0);
  } finally {
    stop();
  }
});

test("a port that a stranger holds is passed over", () => {
  const stranger = Bun.serve({
    hostname: "127.0.0.1",
    port: 25_950,
    fetch: () => new Response(""),
  });
  const { nexora, stop } = home("stranger", {
    ports: { vnc: [25_950, 25_951], cdp: [25_960, 25_961] },
  });
  try {
    expect(nexora("session", "new", "one", ...image).code).toBe(0);
    expect(nexora("session", "show", "one").stdout).toContain("127.0.0.1:25951");
  } finally {
    stop();
    stranger.stop(true);
  }
});

test("what a running session is asked wrongly is refused by name and changes nothing", () => {
  const { nexora, path, stop } = home("session");
  try {
    expect(nexora("session", "new", "one", ...image).code).toBe(0);
    for (const [argv, code, words] of [
      [["session", "new", "one", ...image], 5, "one"],
      [["session", "new", "two", "--image", "no-such-image"], 4, "no-such-image"],
      [["session", "new", "two", "--size", "10x10"], 2, "size"],
      [["session", "new", "two", "--ttl", "soon"], 2, "soon"],
      [["session", "show", "nobody"], 4, "nobody"],
      [["screen", "-s", "nobody"], 4, "nobody"],
      [["screen", "--region", "9000,0,10,10"], 2, "1920x1080"],
      [["screen", "--scale", "7"], 2, "scale"],
      [["screen", "-o", join(folder, "no/such/folder/x.png")], 3, "no/such/folder"],
      [["screen", "-o", "/dev/full"], 20, "/dev/full"],
      [["wait", "--text", "(", "--timeout", "1s"], 2, "regular expression"],
      [["key", "ctrl+nonsense"], 2, "nonsense"],
      [["type", "\\q"], 2, "\\q"],
    ] as const) {
      const result = nexora(...argv);
      expect([argv.join(" "), result.stderr.includes(words)]).toEqual([argv.join(" "), true]);
      if (argv[0] !== "screen" || argv[1] !== "-o") {
        expect([argv.join(" "), result.code]).toEqual([argv.join(" "), code]);
      } else expect(result.code).not.toBe(0);
    }
    expect(nexora("session", "ls", "-q").stdout.match(/^\w/gm)?.length).toBe(2);
    expect(readdirSync(path)).not.toContain("no");
  } finally {
    stop();
  }
});

test("a second daemon on the same home says who holds it, exit 5", () => {
  const { nexora, stop } = home("twice");
  try {
    expect(nexora("daemon", "start").code).toBe(0);
    const second = nexora("daemon", "run");
    expect(second.code).toBe(5);
    expect(second.stderr).toMatch(/pid \d+/);
  } finally {
    stop();
  }
});

test("an unreachable database is named without its password, and nothing starts", () => {
  const { nexora } = home("database", {}, { DATABASE_URL: "postgres://me:hunter2@127.0.0.1:1/x" });
  const { code, stdout, stderr } = nexora("session", "ls");
  expect(code).toBe(20);
  expect(stderr).toContain("127.0.0.1:1");
  expect(stdout + stderr).not.toContain("hunter2");
});
