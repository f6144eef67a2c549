import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecOutput } from "../../src/contract/exec.ts";
import { TestDaemon } from "../support/daemon.ts";
import { NexoraCli } from "../support/nexora-cli.ts";

const base = mkdtempSync(join(tmpdir(), "nexora-cp-"));
const [workspace, elsewhere, got] = ["workspace", "elsewhere", "got"].map((name) =>
  join(base, name),
) as [string, string, string];
let daemon: TestDaemon;
let cli: NexoraCli;

beforeAll(async () => {
  mkdirSync(workspace);
  daemon = await TestDaemon.start();
  cli = new NexoraCli(daemon, "the Unix socket");
  await daemon.newSession({ name: "agent", workspace });
  await daemon.newSession({ name: "other", workspace: null });
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  rmSync(base, { recursive: true, force: true });
});
beforeEach(() => {
  for (const folder of [elsewhere, got]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
  writeFileSync(join(elsewhere, "f"), "for root only");
  chmodSync(elsewhere, 0o700);
});

const exec = async (session: string, line: string) =>
  (
    await daemon.call<ExecOutput>("POST", `/v1/sessions/${session}/exec`, {
      command: [line],
    })
  ).stdout;

/** The agent exchanges two names in its workspace without a pause until it is told to stop. */
async function swapping(one: string, other: string, action: () => Promise<void>): Promise<void> {
  // renameat2(2) has a number of its own on each architecture; 2 is RENAME_EXCHANGE.
  const number = process.arch === "x64" ? 316 : 276;
  const swap = `my @a = (${number}, -100, "${one}", -100, "${other}", 2);
    syscall($a[0], $a[1], $a[2], $a[3], $a[4], $a[5]) == 0 or die $!; open my $f, ">", "/tmp/swaps";
    until (-e "/tmp/enough") { syscall($a[0], $a[1], $a[2], $a[3], $a[4], $a[5]) }`;
  await exec(
    "agent",
    `rm -f /tmp/enough /tmp/swaps; setsid perl -e '${swap}' > /tmp/swap.log 2>&1 &
     until [ -e /tmp/swaps ] || [ -s /tmp/swap.log ]; do sleep 0.05; done; cat /tmp/swap.log`,
  );
  try {
    await action();
  } finally {
    await exec("agent", "touch /tmp/enough");
  }
}

test("a link in the workspace is not followed out of it, neither for writing nor for reading", async () => {
  await exec("agent", `cd /workspace && ln -s ${elsewhere} results && echo evil > x`);
  const out = await cli.ended("cp", "agent:x", `${workspace}/results/`);
  expect(out).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is in the workspace of a session and leads out of it"),
  });
  const into = await cli.ended("cp", `${workspace}/results/f`, "other:/tmp/f");
  expect(into).toMatchObject({ code: 2, stderr: expect.stringContaining("leads out of it") });
  expect(readdirSync(elsewhere)).toEqual(["f"]);
  // A link of the user's own is where the user wants it.
  symlinkSync(got, join(base, "mine"));
  expect(await cli.ended("cp", "agent:x", join(base, "mine"))).toMatchObject({ code: 0 });
  expect(readFileSync(join(got, "x"), "utf8")).toBe("evil\n");
  await exec("agent", "rm /workspace/results");
});

test("an agent that swaps a folder for a link while it is copied to gets nothing written outside", async () => {
  await exec("agent", `mkdir -p /workspace/out/sub /tmp/from/sub; touch /tmp/from/sub/{a,b,c,d}`);
  await exec("agent", `ln -s ${elsewhere} /workspace/link`);
  await swapping("/workspace/out/sub", "/workspace/link", async () => {
    for (let round = 0; round < 8; round++) {
      const { code, stderr } = await cli.ended("cp", "agent:/tmp/from/.", `${workspace}/out`);
      if (code !== 0) expect(stderr).toContain("written outside the folder");
    }
  });
  expect(readdirSync(elsewhere)).toEqual(["f"]);
});

test("an agent that swaps a file for a link while it is copied in gets nothing of what it leads to", async () => {
  await exec("agent", "mkdir -p /workspace/in && echo plain > /workspace/in/f");
  await exec("agent", `ln -s ${elsewhere}/f /workspace/trap`);
  await swapping("/workspace/in/f", "/workspace/trap", async () => {
    for (let round = 0; round < 8; round++) {
      await cli.ended("cp", `${workspace}/in`, `other:/tmp/in${round}`);
    }
  });
  const inside = await exec("other", "cat /tmp/in*/f; find /tmp/in* -type f | wc -l");
  expect(inside).not.toContain("for root only");
  expect(existsSync(join(elsewhere, "f"))).toBe(true);
});
