import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Editor } from "../../../../daemon/vendors/anthropic/editor.ts";
import { TextFiles } from "../../../../daemon/vendors/anthropic/text-files.ts";
import type { ExecOutput } from "../../../../src/contract/exec.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexora-text-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the scripts on this machine. */
function here(env: Record<string, string> = {}): TextFiles {
  return new TextFiles({
    async run(_session, { command }, stdin, signal): Promise<ExecOutput> {
      const child = Bun.spawn([...command], {
        stdin,
        stdout: "pipe",
        stderr: "pipe",
        env: { ...process.env, TMPDIR: folder, ...env },
        signal,
      });
      const [bytes, stderr] = await Promise.all([child.stdout.bytes(), child.stderr.text()]);
      const out = Buffer.from(bytes);
      const stdoutEncoding = out.toString().includes("\ufffd") ? "base64" : "utf8";
      return {
        stdout: out.toString(stdoutEncoding),
        stderr,
        stdoutEncoding,
        stderrEncoding: "utf8",
        truncated: false,
        exitCode: await child.exited,
        signal: null,
        timedOut: false,
        durationMs: 0,
        pid: child.pid,
      };
    },
  });
}

const { signal } = new AbortController();
const place = (conversation: string) => ({ session: "s", conversation });

test("a file that does not fit on the disk keeps what it had", async () => {
  const path = join(folder, "kept");
  // The disk is full once the file has two bytes of the new text.
  const bin = join(folder, "bin");
  const cat = join(bin, "cat");
  await Bun.write(
    cat,
    `#!/bin/sh
[ "$(readlink /proc/$$/fd/1)" = ${path} ] && [ ! -e ${bin}/full ] || exec /bin/cat "$@"
touch ${bin}/full; /bin/cat "$@" | head -c 2
echo "cat: write error: No space left on device" >&2; exit 1
`,
  );
  chmodSync(cat, 0o755);
  writeFileSync(path, "as it was");
  const files = here({ PATH: `${bin}:${process.env.PATH}` });
  await expect(files.write("s", path, "all that is new", {}, signal)).rejects.toMatchObject({
    message: "No space left on device. Cannot write to file.",
  });
  expect(readFileSync(path, "utf8")).toBe("as it was");
  await files.write("s", path, "all that is new", {}, signal);
  expect(readFileSync(path, "utf8")).toBe("all that is new");
  expect(readdirSync(folder).sort()).toEqual(["bin", "kept"]);
});

test("of several that make the same file one does", async () => {
  const path = join(folder, "new", "file");
  const make = (text: string) => here().write("s", path, text, { create: true }, signal);
  const texts = ["one", "two", "three", "four"];
  const made = await Promise.allSettled(texts.map(make));
  const [first, ...others] = texts.filter((_, at) => made[at]?.status === "fulfilled");
  expect(others).toEqual([]);
  expect(readFileSync(path, "utf8")).toBe(first ?? "");
  await expect(make("five")).rejects.toThrow("File already exists");
});

test("a name that is not UTF-8 spoils no list", async () => {
  writeFileSync(join(folder, "plain"), "");
  writeFileSync(Buffer.from([...Buffer.from(`${folder}/raw`), 0xff]), "");
  expect(await here().list("s", folder, signal)).toEqual(["plain", "raw\ufffd"]);
});

test("edits of several conversations are all made", async () => {
  const editor = new Editor(here());
  const path = join(folder, "shared");
  writeFileSync(path, "");
  const names = ["a", "b", "c", "d"];
  await Promise.all(
    names.map((name) =>
      editor.run(
        place(name),
        "insert",
        { path, insert_line: 0, insert_text: name },
        undefined,
        signal,
      ),
    ),
  );
  expect(readFileSync(path, "utf8").trim().split("\n").sort()).toEqual(names);
});

test("of a long file a part is shown, in whole characters", async () => {
  const editor = new Editor(here());
  const path = join(folder, "long");
  writeFileSync(path, "🙂".repeat(600_000));
  const view = (most?: number) => editor.run(place("c"), "view", { path }, most, signal);
  const says = "\n\n... File truncated (1200003 total characters)";
  for (const [most, shown] of [
    [undefined, 200_000],
    [5, 5],
    [2_000_000, 1_000_000],
  ] as const) {
    const text = await view(most);
    expect(text.indexOf(says)).toBe(shown);
    expect(text.isWellFormed()).toBe(true);
  }
});
