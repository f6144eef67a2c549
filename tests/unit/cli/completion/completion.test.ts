import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bashCompletion } from "../../../../cli/completion/bash.ts";
import { fishCompletion } from "../../../../cli/completion/fish.ts";
import { zshCompletion } from "../../../../cli/completion/zsh.ts";
import { verbs } from "../../../../cli/verbs.ts";
import { Bench, session } from "../support.ts";

const folder = mkdtempSync(join(tmpdir(), "nexora-completion-"));
writeFileSync(join(folder, "a b.txt"), "");
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers for the last of these words. */
function complete(...words: string[]): Promise<string[]> {
  return completeLine(`nexora ${words.join(" ")}`, ...words);
}

/** The same where bash breaks a line into other words than its blanks do. */
async function completeLine(line: string, ...words: string[]): Promise<string[]> {
  const script = `
    nexora() {
      case "$1 $2 $3" in
        "complete sessions "*) printf '%s\\n' web api ;;
        "complete tokens "*) printf '%s\\n' ci ;;
        "complete images "*) printf '%s\\n' nexora-workstation:full ;;
        "complete places web:/t"*) printf '%s\\n' web:/tmp/ 'web:/t $(touch pwned)' ;;
        "complete places "*) printf '%s\\n' web: api: ;;
      esac
    }
    ${bashCompletion(verbs.all())}
    COMP_LINE="$1"; shift; COMP_POINT=\${#COMP_LINE}; COMP_WORDBREAKS=$' \\t\\n"><=;|&(:'
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nexora
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const child = Bun.spawn(["bash", "-c", script, "bash", line, "nexora", ...words], {
    cwd: folder,
    stderr: "inherit",
  });
  return (await new Response(child.stdout).text()).split("\n").filter(Boolean);
}

describe("bash completion", () => {
  test("offers verbs, then the verbs of a noun", async () => {
    expect(await complete("s")).toEqual(["session", "screen", "scroll"]);
    expect(await complete("session", "r")).toEqual(["rename", "rm"]);
  });

  test("offers the flags of the verb", async () => {
    expect(await complete("type", "x", "--en")).toEqual(["--enter"]);
    expect(await complete("session", "new", "--me")).toEqual(["--memory"]);
  });

  test("offers the choices of a flag and of an argument", async () => {
    expect(await complete("session", "new", "--network", "")).toEqual(["full", "none"]);
    expect(await complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("offers the names of the sessions", async () => {
    expect(await complete("session", "rm", "w")).toEqual(["web"]);
    expect(await complete("type", "-s", "")).toEqual(["web", "api"]);
    expect(await complete("-s", "web", "session", "ren")).toEqual(["rename"]);
  });
});

describe("bash completion of what is there", () => {
  test("names tokens, images, conditions and topics", async () => {
    expect(await complete("token", "rm", "")).toEqual(["ci"]);
    expect(await complete("session", "new", "--image", "nex")).toEqual(["nexora-workstation:full"]);
    expect(await complete("token", "new", "x", "-s", "a")).toEqual(["api"]);
    expect(await complete("events", "--only", "w")).toEqual(["web"]);
    expect(await complete("type", "x", "--wait", "t")).toEqual(["text=", "title=", "timeout="]);
    expect(await complete("help", "exit")).toEqual(["exit-codes"]);
  });

  test("names files here and places in sessions for cp, as they stand", async () => {
    expect(await complete("cp", "")).toEqual(["web:", "api:", "a b.txt"]);
    expect(await complete("cp", "a")).toEqual(["api:", "a b.txt"]);
    // What bash hands over when it breaks words at colons.
    expect(await completeLine("nexora cp web:/t", "cp", "web", ":", "/t")).toEqual([
      "/tmp/",
      "/t $(touch pwned)",
    ]);
    expect(readdirSync(folder)).toEqual(["a b.txt"]);
  });
});

describe("what completions ask for", () => {
  const sessions = [session("web"), { ...session("old"), state: "stopped" }];
  const entries = [
    { name: "tmp", type: "directory" },
    { name: "to do", type: "file" },
    { name: "t\x1b[2J", type: "file" },
    { name: ".hidden", type: "file" },
    { name: "etc", type: "directory" },
  ];

  test.each([
    [["sessions"], ["web", "old"]],
    [["places"], ["web:"]],
    [["places", "we"], ["web:"]],
    [
      ["places", "web:/t"],
      ["web:/tmp/", "web:/to do"],
    ],
    [
      ["places", "web:"],
      ["web:tmp/", "web:to do", "web:etc/"],
    ],
    [["places", "web:a/.h"], ["web:a/.hidden"]],
    [["places", ":~/e"], [":~/etc/"]],
  ])("complete %j prints %j", async (words, expected) => {
    await using bench = new Bench();
    bench.serve((_, { pathname }) =>
      Response.json(pathname.endsWith("/list") ? { entries, truncated: false } : { sessions }),
    );
    const { code, stdout } = await bench.run(["complete", ...words]);
    expect({ code, lines: stdout.split("\n").filter(Boolean) }).toEqual({
      code: 0,
      lines: expected,
    });
  });

  test("without a daemon, or when it fails, is nothing; none is started", async () => {
    await using bench = new Bench();
    const nothing = { code: 0, stdout: "", stderr: "" };
    expect(await bench.run(["complete", "sessions"])).toMatchObject(nothing);
    expect(existsSync(bench.paths.log)).toBe(false);
    bench.serve(() => Response.json({ code: "session_not_found", message: "no" }, { status: 404 }));
    expect(await bench.run(["complete", "places", "gone:/"])).toMatchObject(nothing);
  });

  test("is in no list of verbs", async () => {
    await using bench = new Bench();
    expect((await bench.run(["help"])).stdout).not.toMatch(/^ +complete /m);
    expect((await bench.run(["complet"])).stderr).toContain("`nexora completion`");
    expect((await bench.run(["completion", "bash"])).stdout).not.toContain("complete) words");
  });
});

test.each([
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
])("%s completion knows every verb and flag", (_, script) => {
  const text = script(verbs.all());
  for (const verb of verbs.all()) {
    for (const word of verb.words) expect(text).toContain(word);
    for (const flag of verb.flags) expect(text).toContain(flag.name);
  }
});
