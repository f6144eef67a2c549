import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { undeclaredErrors } from "../support/daemon.ts";
import { baseImage } from "../support/workstations.ts";

const binary = join(import.meta.dir, "../../dist/nexora");
let folder: string;
let home: string;

beforeAll(() => {
  if (!existsSync(binary)) throw new Error("dist/nexora is missing: run `bun run build` first");
  folder = mkdtempSync(join(tmpdir(), "nexora-e2e-"));
  home = mkdtempSync(join(tmpdir(), "nexora-e2e-home-"));
  writeFileSync(join(folder, "greet.py"), 'name = "world"\nprint(f"Hello, {name}!")\n');
});
afterAll(() => {
  nexora("session", "rm", "--all");
  nexora("daemon", "stop");
  const undeclared = undeclaredErrors(home);
  rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
  expect(undeclared).toEqual([]);
});

function nexora(...argv: string[]) {
  return nexoraWith({}, ...argv);
}

function nexoraWith(
  options: { stdin?: Uint8Array; env?: Record<string, string>; cwd?: string },
  ...argv: string[]
) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([binary, ...argv], {
    cwd: options.cwd ?? folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder, NEXORA_HOME: home, ...options.env },
    ...(options.stdin ? { stdin: options.stdin } : {}),
  });
  return { code: exitCode, stdout: stdout.toString(), stderr: stderr.toString(), bytes: stdout };
}

const json = (...argv: string[]) => JSON.parse(nexora("--json", ...argv).stdout);

test("the first command starts the daemon; a session on this folder is ready", () => {
  const made = nexora("session", "new", "--image", baseImage, "--size", "1280x800");
  expect(made.code).toBe(0);
  const name = made.stdout.trim();
  expect(json("session", "show", name).data).toMatchObject({ state: "running", workspace: folder });
  expect(nexora("daemon", "status").code).toBe(0);
});

test("a file is edited with vi as a person would, and run", () => {
  expect(nexora("type", "vi greet.py\\n", "--wait", "text=greet.py. 2L").code).toBe(0);
  const typed = nexora("type", 'gg0f"ci"Nexora\\e:wq\\n', "--wait", "prompt", "--then-screen");
  expect(typed.stdout).toContain("$");
  expect(readFileSync(join(folder, "greet.py"), "utf8")).toContain('name = "Nexora"');
  expect(nexora("exec", "--", "python3", "greet.py").stdout).toBe("Hello, Nexora!\n");
});

test("screen prints the text, and the path of a PNG that is the screen", async () => {
  nexora("type", "clear; echo SEEN-$((6*7))\\n", "--wait", "prompt");
  expect(nexora("screen", "--text").stdout).toContain("SEEN-42");
  const path = nexora("screen").stdout.trim();
  expect(await sharp(path).metadata()).toMatchObject({ format: "png", width: 1280, height: 800 });
  const piped = nexora("screen", "-o", "-", "--format", "jpeg", "--scale", "0.5");
  expect(await sharp(piped.bytes).metadata()).toMatchObject({
    format: "jpeg",
    width: 640,
    height: 400,
  });
  expect(nexora("screen", "-o", "/proc/no/such.png").stderr).toContain("/proc/no/such.png");
});

test("type - takes standard input as it is; a bad escape types nothing", () => {
  nexora("key", "ctrl+l");
  const literal = nexoraWith(
    { stdin: Buffer.from("echo 'a\\nb' $HOME\n") },
    "type",
    "-",
    "--wait",
    "prompt",
  );
  expect(literal.code).toBe(0);
  expect(nexora("screen", "--text").stdout).toContain("a\\nb /home/nexora");
  const bad = nexora("type", "never\\q");
  expect(bad.code).toBe(2);
  expect(bad.stderr).toContain("--literal");
  expect(nexora("screen", "--text").stdout).not.toContain("never");
});

test("exec passes exit codes, streams and standard input through", () => {
  expect(nexora("exec", "exit 9").code).toBe(9);
  expect(nexora("exec", "--", "sh", "-c", "echo o; echo e >&2")).toMatchObject({
    stdout: "o\n",
    stderr: "e\n",
    code: 0,
  });
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)));
  expect(nexoraWith({ stdin: bytes }, "exec", "-i", "--", "cat").bytes.equals(bytes)).toBe(true);
  expect(nexora("exec", "--timeout", "200ms", "sleep 60").code).toBe(124);
  expect(json("exec", "exit 9").data).toMatchObject({ exitCode: 9 });
});

test("wait ends with what held, or with 124 and what was on the screen", () => {
  expect(nexora("wait", "--prompt").code).toBe(0);
  const late = nexora("wait", "--text", "not there", "--timeout", "200ms");
  expect(late.code).toBe(124);
  expect(late.stderr).toContain("not there");
  expect(late.stderr).toContain("nexora@");
});

test("key names are checked before anything is pressed", () => {
  const wrong = nexora("key", "Return", "Retrun");
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("Return");
});

test("cp brings files in and out, folders too", () => {
  writeFileSync(join(folder, "in.bin"), Buffer.from([0, 1, 255]));
  expect(nexora("cp", "in.bin", ":/tmp/there.bin").code).toBe(0);
  expect(nexora("exec", "mkdir -p /tmp/tree/a && cp /tmp/there.bin /tmp/tree/a/b.bin").code).toBe(
    0,
  );
  expect(nexora("cp", ":/tmp/tree", "copied").code).toBe(0);
  expect([...readFileSync(join(folder, "copied/a/b.bin"))]).toEqual([0, 1, 255]);
  const missing = nexora("cp", ":/tmp/nothing", "x");
  expect(missing.code).toBe(4);
  expect(missing.stderr).toContain("/tmp/nothing");
});

test("cp takes several, - on either side, and ~", () => {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(300_000)));
  const put = nexoraWith({ stdin: bytes }, "cp", "-", ":~/piped.bin");
  expect(put).toMatchObject({ code: 0, stderr: "" });
  expect(nexora("exec", "wc -c < /home/nexora/piped.bin").stdout).toBe("300000\n");
  expect(nexora("cp", ":~/piped.bin", "-").bytes.equals(bytes)).toBe(true);
  expect(nexora("exec", "ln -s piped.bin ~/link").code).toBe(0);
  expect(nexora("cp", ":~/link", "-").bytes.equals(bytes)).toBe(true);

  for (const name of ["one", "two"]) writeFileSync(join(folder, name), name);
  expect(nexora("cp", "-r", "one", "two", ":~/").code).toBe(0);
  expect(nexora("cp", ":~/one", ":~/two", ":~/nothing", "copied").stderr).toContain("nothing");
  expect(readFileSync(join(folder, "copied/two"), "utf8")).toBe("two");

  // A folder is an archive on its way through a pipe.
  const tree = nexora("cp", ":/tmp/tree", "-");
  expect(nexoraWith({ stdin: tree.bytes }, "cp", "-", ":~/").code).toBe(0);
  expect(nexora("exec", "ls ~/tree/a").stdout).toBe("b.bin\n");
  const text = nexoraWith({ stdin: Buffer.from("no archive\n".repeat(99)) }, "cp", "-", ":~/");
  expect(text.code).toBe(30);
  expect(text.stderr).toContain("name it: ");
});

test("the session is found by -s, the environment and the folder; never guessed among several", () => {
  expect(nexora("session", "new", "second", "--image", baseImage).code).toBe(0);
  const guess = nexora("exec", "true");
  expect(guess.code).toBe(125);
  expect(guess.stderr).toContain("second");
  expect(nexora("exec", "-s", "second", "hostname").stdout).toBe("second\n");
  expect(nexoraWith({ env: { NEXORA_SESSION: "second" } }, "exec", "hostname").stdout).toBe(
    "second\n",
  );
  expect(nexora("session", "use", "second").code).toBe(0);
  expect(nexoraWith({ cwd: folder }, "exec", "hostname").stdout).toBe("second\n");
  rmSync(join(folder, ".nexora"), { recursive: true });
});

test("lifecycle verbs tell what they did and refuse what cannot be", () => {
  expect(nexora("session", "stop", "second").code).toBe(0);
  const stopped = nexora("screen", "-s", "second");
  expect(stopped.code).toBe(5);
  expect(stopped.stderr).toContain("nexora session start second");
  expect(nexora("session", "start", "second").code).toBe(0);
  expect(nexora("session", "rename", "second", "third").code).toBe(0);
  expect(nexora("session", "ls").stdout).toContain("third");
  expect(nexora("session", "logs", "third").stdout).toContain("ready");
  expect(nexora("session", "rm", "third").code).toBe(0);
  expect(nexora("session", "show", "third").code).toBe(4);
  expect(nexora("session", "new", "x", "--workspace", "/nowhere").code).toBe(4);
});

test("the daemon's files are the user's alone, and its token is in no log", () => {
  expect(statSync(home).mode & 0o077).toBe(0);
  for (const name of readdirSync(home)) {
    const { mode } = statSync(join(home, name));
    if (!statSync(join(home, name)).isDirectory()) expect([name, mode & 0o077]).toEqual([name, 0]);
  }
  const token = readFileSync(join(home, "token"), "utf8").trim();
  expect(readFileSync(join(home, "daemon.log"), "utf8")).not.toContain(token);
});

test("daemon stop ends it, sessions go on, and the next command finds them", () => {
  expect(nexora("daemon", "stop").code).toBe(0);
  expect(nexora("daemon", "status").code).toBe(10);
  expect(nexora("exec", "echo still here").stdout).toBe("still here\n");
});
