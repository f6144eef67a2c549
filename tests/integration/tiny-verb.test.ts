import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { baseImage } from "../support/workstations.ts";

/**
 * A verb is one definition and one handler: in a copy of the sources both are added, and nothing
 * else is touched. Everything that a verb has must follow from that.
 */

const project = join(import.meta.dir, "../..");
const definition = `
const clock = operation({
  id: "clock",
  access: "read",
  session: "running",
  method: "GET",
  path: "/v1/sessions/{session}/clock",
  summary: "What time it is in the workstation",
  input: z.strictObject({
    session: sessionRef,
    format: z
      .string()
      .max(100)
      .default("%FT%TZ")
      .describe("As date(1) takes it")
      .meta({ cli: { value: "FORMAT", short: "f" } }),
  }),
  output: z.object({ time: z.string() }),
  errors: ["action_failed"],
  examples: ["nexora clock --format %s"],
});

export const execOperations = [exec, clock] as const;
`;
const handler = `
    clock: {
      async reply({ format }, { session, signal }) {
        const spec = { command: ["date", "--utc", \`+\${format}\`], detach: false, tty: null };
        const { stdout } = await commands.run(session.row.id, spec, Buffer.alloc(0), signal);
        return { time: stdout.trim() };
      },
    },
    exec: {`;
const typedCall = `
import type { Client } from "./client.ts";
export const time = async (client: Client, signal: AbortSignal): Promise<string> =>
  (await client.call("clock", { session: "@", format: "%s" }, signal)).time;
// @ts-expect-error: it has no such field
export const wrong = (client: Client, signal: AbortSignal) => client.call("clock", { zone: 1 }, signal);
`;

let copy: string;
let home: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "nexora-verb-"));
  home = mkdtempSync(join(tmpdir(), "nexora-test-"));
  for (const name of ["src", "cli", "daemon", "docker", "drizzle", "dist/assets"]) {
    cpSync(join(project, name), join(copy, name), { recursive: true });
  }
  for (const name of ["nexora.ts", "package.json", "tsconfig.json"]) {
    cpSync(join(project, name), join(copy, name));
  }
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  edit("src/contract/exec.ts", "\nexport const execOperations = [exec] as const;\n", definition);
  edit("daemon/operations/exec.ts", "\n    exec: {", handler);
});
afterAll(async () => {
  await nexora("session", "rm", "--all");
  await nexora("daemon", "stop");
  for (const folder of [copy, home]) rmSync(folder, { recursive: true, force: true });
});

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(join(copy, path), "utf8");
  expect(text).toContain(from);
  writeFileSync(
    join(copy, path),
    text.replace(from, () => to),
  );
}

async function run(command: string[]): Promise<string> {
  const env = { ...process.env, NEXORA_HOME: home };
  const child = Bun.spawn(command, { cwd: copy, env, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

const nexora = (...words: string[]) => run([process.execPath, "nexora.ts", ...words]);

test("help and completions know the verb", async () => {
  expect(await nexora("help")).toContain("What time it is in the workstation");
  expect(await nexora("help", "clock")).toContain("-f, --format FORMAT");
  for (const shell of ["bash", "zsh", "fish"]) {
    expect(await nexora("completion", shell)).toContain("clock");
  }
});

test("CLI, HTTP and OpenAPI carry it out and describe it", async () => {
  await nexora("session", "new", "timed", "--image", baseImage);
  expect(await nexora("clock", "-f", "%Z")).toBe("time: UTC\n");
  expect(JSON.parse(await nexora("clock", "--json"))).toMatchObject({ ok: true });
  const { socket } = await Bun.file(join(home, "daemon.json")).json();
  const ask = async (path: string) => (await fetch(`http://x${path}`, { unix: socket })).json();
  expect(await ask("/v1/sessions/timed/clock?format=%25Z")).toEqual({ time: "UTC" });
  expect(await ask("/v1/sessions/timed/clock?zone=1")).toMatchObject({ code: "usage" });
  const { paths } = (await ask("/openapi.json")) as { paths: Record<string, object> };
  expect(paths["/v1/sessions/{session}/clock"]).toMatchObject({ get: { operationId: "clock" } });
});

test("agents have it as a tool, over standard input and over HTTP", async () => {
  const env = { PATH: process.env.PATH ?? "", NEXORA_HOME: home };
  const args = [join(copy, "nexora.ts"), "mcp", "-s", "timed", "--tools", "all"];
  const { url } = await Bun.file(join(home, "daemon.json")).json();
  const token = readFileSync(join(home, "token"), "utf8").trim();
  const headers = { authorization: `Bearer ${token}` };
  const overHttp = new URL("/mcp?session=timed&tools=all", url);
  for (const transport of [
    new StdioClientTransport({ command: process.execPath, args, env }),
    new StreamableHTTPClientTransport(overHttp, { requestInit: { headers } }),
  ]) {
    const client = new Client({ name: "test", version: "1" });
    await client.connect(transport);
    try {
      const { tools } = await client.listTools();
      const tool = tools.find(({ name }) => name === "clock");
      expect(tool?.description).toContain("What time it is in the workstation");
      expect(tool?.inputSchema.properties).toHaveProperty("format");
      const call = { name: "clock", arguments: { format: "%Z" } };
      expect(await client.callTool(call)).toMatchObject({ structuredContent: { time: "UTC" } });
    } finally {
      await client.close();
    }
  }
});

test("the client is typed for it, and a daemon without its handler does not compile", async () => {
  writeFileSync(join(copy, "src/client/time.ts"), typedCall);
  const config = { extends: "./tsconfig.json", include: ["daemon", "src"] };
  writeFileSync(join(copy, "tsconfig.verb.json"), JSON.stringify(config));
  const tsc = [join(project, "node_modules/.bin/tsc"), "--noEmit", "-p", "tsconfig.verb.json"];
  expect(await run(tsc)).toBe("");
  cpSync(join(project, "daemon/operations/exec.ts"), join(copy, "daemon/operations/exec.ts"));
  await expect(run(tsc)).rejects.toThrow("Property 'clock' is missing");
}, 120_000);
