import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { writeEntry } from "../../../cli/agents/file.ts";
import { Bench } from "./support.ts";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench[Symbol.asyncDispose]());

/** Runs `nexora mcp config`; the user's home is the bench's folder. */
function config(...words: string[]) {
  const env = { HOME: bench.folder, PATH: "/none" };
  return bench.run(["mcp", "config", ...words], { env });
}

async function put(path: string, text: string, mode = 0o644): Promise<string> {
  const file = join(bench.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  await Bun.write(file, text);
  chmodSync(file, mode);
  return file;
}

const read = (path: string) => readFileSync(join(bench.folder, path), "utf8");
const dev = { command: "nexora", args: ["mcp", "-s", "dev"] };

/** What each client reads, in its own file. */
const clients = [
  ["claude", ".claude.json", { mcpServers: { nexora: { type: "stdio", ...dev } } }],
  ["codex", ".codex/config.toml", { mcp_servers: { nexora: dev } }],
  ["gemini", ".gemini/settings.json", { mcpServers: { nexora: dev } }],
  ["cursor", ".cursor/mcp.json", { mcpServers: { nexora: dev } }],
  ["vscode", ".vscode/mcp.json", { servers: { nexora: { type: "stdio", ...dev } } }],
] as const;
const parse = (path: string, text: string): unknown =>
  path.endsWith(".toml") ? Bun.TOML.parse(text) : JSON.parse(text);

test.each(clients)(
  "%s: what is printed and written is what it reads",
  async (name, path, wanted) => {
    const printed = await config(name, "-s", "dev");
    expect(parse(path, printed.stdout)).toEqual(wanted);
    expect(printed.stderr).toContain(join(bench.folder, path));
    const written = await config(name, "-s", "dev", "--write");
    expect(written.stdout.trim()).toBe(join(bench.folder, path));
    expect(parse(path, read(path))).toEqual(wanted);
    const again = await config(name, "-s", "dev", "--write");
    expect(again.stderr).toContain("nothing was written");
  },
);

/** What each client reads of the daemon over HTTP: where the token comes from is its own affair. */
const overHttp = [
  ["claude", { type: "http", headers: { Authorization: `Bearer \${NEXORA_TOKEN}` } }],
  ["codex", { bearer_token_env_var: "NEXORA_TOKEN" }],
  ["gemini", { headers: { Authorization: "Bearer $NEXORA_TOKEN" } }],
  ["cursor", { headers: { Authorization: `Bearer \${env:NEXORA_TOKEN}` } }],
  ["vscode", { type: "http", headers: { Authorization: `Bearer \${input:nexora_token}` } }],
] as const;

test.each(overHttp)("%s over HTTP: the token is not in the file", async (name, wanted) => {
  const { stdout } = await config(name, "--http", "-s", "dev", "--tools", "all", "--json");
  const { path, snippet } = JSON.parse(stdout).data;
  const root = parse(path, snippet) as Record<string, Record<string, Record<string, unknown>>>;
  const entry = Object.values(root).find((table) => "nexora" in table)?.nexora;
  const { url, httpUrl, ...rest } = entry ?? {};
  expect(url ?? httpUrl).toBe("http://127.0.0.1:9301/mcp?session=dev&tools=all");
  expect(rest).toEqual(wanted);
});

test("VS Code asks for the token once, whatever else it asks for", async () => {
  await put(".vscode/mcp.json", '{"inputs": [{"id": "other", "type": "promptString"}]}');
  await config("vscode", "--http", "--write");
  await config("vscode", "--http", "-s", "dev", "--write");
  const { inputs } = JSON.parse(read(".vscode/mcp.json"));
  expect(inputs.map(({ id }: { id: string }) => id)).toEqual(["other", "nexora_token"]);
});

test("everything else in a file of JSON stays, comments, order, indent and mode too", async () => {
  const before = `// mine
{
\t"theme": "dark", // of course
\t"mcpServers": {
\t\t"other": { "command": "x" },
\t},
\t"last": [1,2]
}
`;
  const file = await put(".gemini/settings.json", before, 0o600);
  expect((await config("gemini", "--write")).code).toBe(0);
  const after = read(".gemini/settings.json");
  for (const line of before.split("\n").filter((each) => !each.includes('"other"'))) {
    expect(after).toContain(line);
  }
  expect(after).toContain('\t\t"other": { "command": "x" },');
  expect(after).toContain('\t\t"nexora": {');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("everything else in a file of TOML stays; what was of that name is replaced, and told", async () => {
  const before = `# mine
model = "o9"

[mcp_servers.nexora]
command = "old" # once
args = ["a"]
[mcp_servers.nexora.env]
A = "1"

# the other one
[mcp_servers.other]
command = "x"
`;
  await put(".codex/config.toml", before);
  const { stderr } = await config("codex", "--write");
  expect(stderr).toContain('{"command":"old","args":["a"],"env":{"A":"1"}}');
  expect(read(".codex/config.toml")).toBe(`# mine
model = "o9"

[mcp_servers.nexora]
command = "nexora"
args = ["mcp"]

# the other one
[mcp_servers.other]
command = "x"
`);
});

test("a file that is a link stays one", async () => {
  const real = await put("dotfiles/cursor.json", "{}");
  mkdirSync(join(bench.folder, ".cursor"));
  const link = join(bench.folder, ".cursor/mcp.json");
  symlinkSync(real, link);
  await config("cursor", "--write");
  expect(readlinkSync(link)).toBe(real);
  expect(JSON.parse(readFileSync(real, "utf8")).mcpServers.nexora.args).toEqual(["mcp"]);
});

test.each([
  ["gemini", ".gemini/settings.json", '{"mcpServers": {', "is not JSON"],
  ["gemini", ".gemini/settings.json", "[]", "is no table"],
  ["gemini", ".gemini/settings.json", "null", "is no table"],
  ["gemini", ".gemini/settings.json", '{"mcpServers": {}, "mcpServers": {}}', "unusual"],
  ["cursor", ".cursor/mcp.json", '{"mcpServers": []}', "is no table"],
  ["codex", ".codex/config.toml", "model = ", "is not TOML"],
  ["codex", ".codex/config.toml", 'mcp_servers = { nexora = { command = "x" } }', "unusual"],
])("%s: a file that is not understood stays as it is: %p %p", async (name, path, text, why) => {
  await put(path, text);
  const { code, stderr } = await config(name, "--write");
  expect(code).toBe(5);
  expect(stderr).toContain(why);
  expect(stderr).toContain("paste");
  expect(read(path)).toBe(text);
});

test("what may be a secret is not shown of what is replaced", async () => {
  const env = { API_KEY: "hidden", A: "shown" };
  const old = { url: "http://x", headers: { Authorization: "Bearer hidden" }, env };
  await put(".cursor/mcp.json", JSON.stringify({ mcpServers: { nexora: old } }));
  const { stdout, stderr } = await config("cursor", "--write");
  expect(`${stdout}${stderr}`).not.toContain("hidden");
  expect(stderr).toContain('"Authorization":"***"');
  expect(stderr).toContain("shown");
});

test.each([".mcp.json", ".cursor"])(
  "a project's %s that is a link out of it is not followed",
  async (link) => {
    const real = await put("elsewhere/mcp.json", "{}");
    const project = join(bench.folder, "project");
    mkdirSync(project);
    symlinkSync(link === ".cursor" ? dirname(real) : real, join(project, link));
    const entry = { servers: "mcpServers", name: "nexora", value: dev, besides: null };
    const path = join(project, link === ".cursor" ? ".cursor/other.json" : link);
    expect(() => writeEntry("json", path, entry, project)).toThrow("is a link out of");
    expect(read("elsewhere/mcp.json")).toBe("{}");
    expect(writeEntry("json", join(project, "own.json"), entry, project).changed).toBe(true);
  },
);

test("a link to a file that is not there yet is followed, as far as its folder is there", async () => {
  mkdirSync(join(bench.folder, "dotfiles"));
  mkdirSync(join(bench.folder, ".cursor"));
  const [link, between] = [".cursor/mcp.json", "between"].map((it) => join(bench.folder, it));
  symlinkSync("../between", link ?? "");
  symlinkSync("dotfiles/cursor.json", between ?? "");
  expect((await config("cursor", "--write")).code).toBe(0);
  expect(readlinkSync(link ?? "")).toBe("../between");
  expect(JSON.parse(read("dotfiles/cursor.json")).mcpServers.nexora.args).toEqual(["mcp"]);

  mkdirSync(join(bench.folder, ".gemini"));
  const lost = join(bench.folder, ".gemini/settings.json");
  symlinkSync("/nowhere/at/all.json", lost);
  const { code, stderr } = await config("gemini", "--write");
  expect(code).toBe(5);
  expect(stderr).toContain(`${lost} is a link to /nowhere/at/all.json, and there is no folder`);
  expect(readlinkSync(lost)).toBe("/nowhere/at/all.json");
});

test("a project's link out of it to a file that is not there yet is not followed", () => {
  const [project = "", outside = ""] = ["project", "outside"].map((it) => join(bench.folder, it));
  mkdirSync(project);
  mkdirSync(outside);
  const link = join(project, ".mcp.json");
  symlinkSync("../outside/mcp.json", link);
  const entry = { servers: "mcpServers", name: "nexora", value: dev, besides: null };
  expect(() => writeEntry("json", link, entry, project)).toThrow("is a link out of");
  expect(readlinkSync(link)).toBe("../outside/mcp.json");
  expect(readdirSync(outside)).toEqual([]);
});

test("a project has a file of its own, and variables say what is meant", async () => {
  const meant = { NEXORA_HOME: "/other/home", NEXORA_SESSION: "dev" };
  const env = { HOME: "/none", PATH: "/none", ...meant };
  const words = ["mcp", "config", "claude", "--project", "--write"];
  expect((await bench.run(words, { env })).code).toBe(0);
  expect(JSON.parse(read(".mcp.json")).mcpServers.nexora.env).toEqual(meant);
});

test("a client that nobody knows is an error with those that there are", async () => {
  const { code, stderr } = await config("emacs");
  expect(code).toBe(2);
  expect(stderr).toContain("claude, codex, gemini, cursor, vscode");
});
