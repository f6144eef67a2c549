import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compile } from "../../scripts/build/compile.ts";
import { version } from "../../src/version.ts";

const project = dirname(dirname(import.meta.dir));
let folder: string;
let binary: string;
let runner: string;

beforeAll(async () => {
  const build = await run(["bun", "scripts/build.ts"], project);
  if (build.code !== 0) throw new Error(`the build failed:\n${build.stderr}`);
  folder = await mkdtemp(join(tmpdir(), "nexora-binary-"));
  binary = join(folder, "nexora");
  runner = join(folder, "nexora-runner");
  await copyFile(join(project, "dist/nexora"), binary);
  await copyFile(join(project, "dist/nexora-runner"), runner);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(["dist/nexora", "dist/nexora-runner"])(
  "%s names no path of the project",
  async (file) => {
    const bytes = Buffer.from(await Bun.file(join(project, file)).arrayBuffer());
    expect(bytes.includes(`${project}/`)).toBe(false);
  },
);

test("works in an empty folder where the project and its node_modules do not exist", async () => {
  const cwd = await emptyFolder("alone");
  const script = `mount -t tmpfs none '${project}' && test ! -e '${project}/node_modules' || exit 99
    '${binary}' daemon start >&2 || exit 98
    '${binary}' daemon status --json; code=$?
    '${binary}' daemon stop >&2 && exit $code`;
  const namespace = [
    "unshare",
    "--mount",
    ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]),
  ];
  const { code, stdout, stderr } = await run([...namespace, "sh", "-c", script], cwd);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    data: { version, store: { kind: "pglite", source: "embedded" } },
  });
}, 30_000);

describe("in a folder with somebody's .env and bunfig.toml", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await emptyFolder("planted");
    const junk = ["DATABASE_URL=postgres://127.0.0.1:1/junk", `NEXORA_HOST=http://127.0.0.1:1`];
    await Bun.write(join(cwd, ".env"), `${junk.join("\n")}\n`);
    await Bun.write(join(cwd, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
    await Bun.write(join(cwd, "preload.ts"), 'await Bun.write("preloaded", "");');
    await Bun.write(join(cwd, "package.json"), "not even JSON");
    await Bun.write(join(cwd, "tsconfig.json"), "not even JSON");
  });
  const preloaded = () => Bun.file(join(cwd, "preloaded")).exists();

  test("Bun itself would have run the preload: the trap is real", async () => {
    await run([process.execPath, "-e", "0"], cwd);
    expect(await preloaded()).toBe(true);
    await rm(join(cwd, "preloaded"));
  });

  test("the CLI and its daemon run none of it and believe none of it", async () => {
    const script = `'${binary}' daemon start >&2 || exit 98
      '${binary}' daemon status --json; code=$?
      '${binary}' daemon stop >&2 && exit $code`;
    const { code, stdout, stderr } = await run(["sh", "-c", script], cwd);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ data: { store: { kind: "pglite" } } });
    expect(await preloaded()).toBe(false);
  }, 30_000);

  test("the runner runs none of it", async () => {
    await run([runner], cwd);
    expect(await preloaded()).toBe(false);
  });
});

test("`version` starts about as fast as a program that only prints", async () => {
  const hello = join(folder, "hello");
  await Bun.write(`${hello}.ts`, `console.log("hello");`);
  await compile({ entry: `${hello}.ts`, output: hello });
  const [ours, theirs] = [await median([binary, "version"]), await median([hello])];
  console.log(
    `nexora version ${ours.toFixed(1)} ms, a compiled hello world ${theirs.toFixed(1)} ms`,
  );
  expect((await run([binary, "version"], folder)).stdout).toContain(version);
}, 60_000);

/** Median of whole-process times, in milliseconds. */
async function median(command: string[]): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < 21; at++) {
    const started = performance.now();
    await run(command, folder);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[10] ?? Number.NaN;
}

/** A folder whose only content is a home that takes any TCP port: the user's daemon may run. */
async function emptyFolder(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, "home"), { recursive: true, mode: 0o700 });
  await Bun.write(join(path, "home/config.json"), '{"daemon":{"port":0}}');
  return path;
}

/** Runs a command as a user with an empty home. */
async function run(command: string[], cwd: string) {
  const home = cwd === project ? {} : { HOME: folder, NEXORA_HOME: join(cwd, "home") };
  const child = Bun.spawn(command, {
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: process.env.PATH ?? "", ...home },
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, stdout, stderr };
}
