import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verbs } from "../../cli/verbs.ts";
import { version } from "../../src/version.ts";

const binary = join(import.meta.dir, "../../dist/nexora");
let folder: string;
let home: string;

beforeAll(() => {
  if (!existsSync(binary)) throw new Error("dist/nexora is missing: run `bun run build` first");
  folder = mkdtempSync(join(tmpdir(), "nexora-grammar-"));
  home = join(folder, "home");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The built binary in an empty folder, with a home in which no daemon runs. */
function nexora(...argv: string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([binary, ...argv], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder, NEXORA_HOME: home },
  });
  return { code: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

describe("the built binary", () => {
  test("prints its version", () => {
    expect(nexora("version")).toEqual({ code: 0, stdout: `nexora ${version}\n`, stderr: "" });
  });

  test.each(verbs.all().map(({ words }) => [words.join(" "), words] as const))(
    "explains %s",
    (name, words) => {
      const { code, stdout } = nexora(...words, "--help");
      expect(code).toBe(0);
      expect(stdout).toStartWith(`nexora ${name}: `);
      expect(nexora("help", ...words).stdout).toBe(stdout);
    },
  );

  test.each([
    [["frobnicate"], 2],
    [["type"], 2],
    [["type", "a\\q"], 2],
    [["session", "new", "--size", "big"], 2],
    [["session", "new", "--ttl", "soon"], 2],
    [["screen", "--region", "1,2"], 2],
    [["wait"], 2],
    [["exec"], 125],
    [["daemon", "status"], 10],
    [["daemon", "stop"], 10],
    [["daemon", "logs"], 4],
  ])("%j exits with %d, as text and as JSON", (argv, code) => {
    const text = nexora(...argv);
    expect(text).toMatchObject({ code, stdout: "" });
    expect(text.stderr).toStartWith("nexora: ");
    const json = nexora("--json", ...argv);
    expect(json).toMatchObject({ code, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      error: { code: expect.any(String) },
    });
  });

  test("gives completions for each shell, which bash can read", () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      expect(nexora("completion", shell).stdout).toContain("nexora");
    }
    const check = Bun.spawnSync(["bash", "-n"], {
      stdin: Buffer.from(nexora("completion", "bash").stdout),
    });
    expect(check.stderr.toString()).toBe("");
  });

  test("has left nothing behind", () => {
    expect(readdirSync(folder)).toEqual([]);
  });
});
