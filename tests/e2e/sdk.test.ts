import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operations } from "../../src/contract/index.ts";
import { pathsOf } from "../../src/paths.ts";
import { version } from "../../src/version.ts";
import { TestDaemon } from "../support/daemon.ts";
import { baseImage } from "../support/workstations.ts";

// Both SDKs as `bun run build` has made them, installed as a user would, on a real daemon.
process.env.NEXORA_TEST_BINARY ??= join(import.meta.dir, "../../dist/nexora");

const project = join(import.meta.dir, "../..");
const built = join(project, "dist/sdk");
/** Debian's, which `scripts/test` makes sure of. */
const python = "/usr/bin/python3";
let folder: string;
let daemon: TestDaemon;
let session: string;

beforeAll(async () => {
  if (!existsSync(built)) throw new Error("dist/sdk is missing: run `bun run build` first");
  for (const tool of ["node", "npm", python]) {
    if (!Bun.which(tool)) throw new Error(`the SDKs' tests need ${tool}: apt-get install it`);
  }
  folder = mkdtempSync(join(tmpdir(), "nexora-sdk-"));
  daemon = await TestDaemon.start();
  const [opened] = await Promise.all([
    daemon.newSession({ workspace: null }),
    installForNode(),
    installForPython(),
  ]);
  session = opened.name;
}, 120_000);
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function installForNode(): Promise<void> {
  await run(["npm", "pack", "--silent", "--pack-destination", folder, join(built, "typescript")]);
  const archive = join(folder, `nexora-client-${version}.tgz`);
  const quiet = ["--offline", "--no-audit", "--no-fund", "--silent"];
  await run(["npm", "install", "--prefix", folder, ...quiet, archive]);
}

async function installForPython(): Promise<void> {
  const environment = join(folder, "python");
  await run([python, "-m", "venv", environment]);
  const wheel = join(built, `nexora-${version}-py3-none-any.whl`);
  const pip = [join(environment, "bin/pip"), "install", "--quiet", "--no-index"];
  await run([...pip, "--disable-pip-version-check", wheel]);
}

/** Runs a program in the folder, and gives what it prints. Throws when it fails. */
async function run(command: string[], env: Record<string, string> = {}): Promise<string> {
  const child = Bun.spawn(command, {
    cwd: folder,
    env: { ...process.env, NEXORA_HOME: daemon.home, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** The blocks of a language in the guide. */
function blocks(language: string): string[] {
  const guide = readFileSync(join(project, "docs/sdk.md"), "utf8");
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, code = ""]) => code,
  );
}

/** How to run a file with each runtime; a proxy of the environment is none of ours. */
const proxies = { HTTP_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9" };
const runtimes: [name: string, suffix: string, language: string, command: () => string[]][] = [
  ["Node.js", "mjs", "ts", () => ["node"]],
  ["Bun", "mjs", "ts", () => [process.execPath]],
  ["Python", "py", "python", () => [join(folder, "python/bin/python")]],
];

describe.each(runtimes)("on %s", (name, suffix, language, command) => {
  test("the quickstart does what the guide shows", async () => {
    const [code = ""] = blocks(language);
    const shown = blocks("text")[language === "ts" ? 0 : 1] ?? "";
    const own = `quickstart-${name.toLowerCase().replace(".", "")}`;
    const open = language === "ts" ? "session.new({" : "session.new(";
    const image = language === "ts" ? `image: "${baseImage}",` : `image="${baseImage}",`;
    // A reader takes the image that is there; a test the one that it is given.
    const mine = code.replace(open, `${open}${image}`).replace('"sdk"', `"${own}"`);
    const file = join(folder, `${own}.${suffix}`);
    writeFileSync(file, mine);
    const lines = (await run([...command(), file])).trimEnd().split("\n");
    const expected = shown.trimEnd().split("\n");
    expect(lines.slice(0, -1)).toEqual(expected.slice(0, -1));
    expect(lines.at(-1)).toStartWith("usage: ");
    expect(readFileSync(join(folder, "screen.png")).subarray(1, 4).toString()).toBe("PNG");
  }, 60_000);

  test("calls, streams, programs and archives do as they should", async () => {
    const file = join(folder, `behaviour.${suffix}`);
    writeFileSync(file, readFileSync(join(import.meta.dir, "sdk", `behaviour.${suffix}`)));
    const words = [file, session, daemon.url, daemon.token];
    const told = JSON.parse(await run([...command(), ...words], proxies));
    expect(told).toEqual({
      ...expected,
      ...(language === "ts" ? inTypescript : inPython),
    });
  }, 60_000);
});

test("what a program of Python's is sent may take longer than its reply may", async () => {
  const file = join(folder, "slow.py");
  writeFileSync(file, readFileSync(join(import.meta.dir, "sdk/slow.py")));
  expect(await run([join(folder, "python/bin/python"), file])).toBe("all has come\n");
});

test("a home too long for a socket has one where the daemon puts it", async () => {
  const env = { NEXORA_HOME: join(folder, "x".repeat(120)) };
  const { socket } = pathsOf(env);
  const inNode = `import { connect } from "@nexora/client";
    await connect({ retries: 0 }).session.ls({}).catch((error) => console.log(error.message));`;
  const inPython = `import nexora
try: nexora.connect(retries=0).session.ls()
except nexora.NexoraError as error: print(error.message)`;
  const nobody = `no daemon is listening on ${socket}\n`;
  expect(await run(["node", "--input-type=module", "--eval", inNode], env)).toBe(nobody);
  expect(await run([join(folder, "python/bin/python"), "-c", inPython], env)).toBe(nobody);
});

/** What each of them tells. */
const expected = {
  noSession: "session_not_found",
  hint: "see `GET /v1/sessions`",
  nobody: "daemon_unreachable",
  badUrl: "usage",
  overTcp: true,
  badToken: "unauthorized",
  region: [40, 20, null],
  healthy: true,
  png: ["image/png", "PNG"],
  facts: [40, false],
  cat: "one\ntwo\nexit 0",
  counted: "3000000\nexit 0",
  turns: ["a", "b"],
  signalled: "SIGTERM",
  attached: true,
  noInput: "exit 0",
  noFolder: "action_failed",
  timeout: "timeout",
  event: ["created", true],
  events: true,
  lines: true,
  same: 0,
  notAFolder: "action_failed",
};
const inTypescript = {
  unknownField: "usage",
  sizes: "24 80\r\n\r\n30 100\r\nexit 0",
  aborted: "interrupted",
  late: "timeout",
  stopped: "timeout",
};
const inPython = {
  badField: "usage",
  status: 404,
  closed: "interrupted",
  names: ["py", "py/data"],
  leftOpen: [],
};

describe("the types", () => {
  /** What tsc says of a module beside the installed package, with no types but its own. */
  async function compiled(code: string): Promise<string> {
    const types = join(folder, "types");
    mkdirSync(types, { recursive: true });
    const file = join(types, "module.ts");
    writeFileSync(file, code);
    const tsc = join(project, "node_modules/.bin/tsc");
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2022"];
    const libraries = ["--lib", "es2022,dom", "--types", "", "--skipLibCheck", "false"];
    const child = Bun.spawn([tsc, ...options, ...libraries, file], { cwd: folder, stdout: "pipe" });
    return new Response(child.stdout).text();
  }

  test("stand alone, and refuse what the API would", async () => {
    expect(
      await compiled(`
        import { connect, NexoraError, type Client, type Screen } from "@nexora/client";
        const client: Client = connect({ retries: 0 });
        const desk = client.workstation("dev");
        export const fine: Promise<Screen> = client.screen({ session: "dev", scale: "0.5" });
        export const code = (error: unknown): boolean =>
          error instanceof NexoraError && error.code === "session_stopped";
        void desk.type("ls", { wait: { prompt: true } });
        // @ts-expect-error: the wait has no such field
        void desk.type("ls", { wait: { promt: true } });
        // @ts-expect-error: the operation has no such field
        void client.exec({ session: "dev", command: ["ls"], timeout: 5 });
        // @ts-expect-error: the command is missing
        void client.exec({ session: "dev" });
        // @ts-expect-error: there is no such operation
        void client.session.open({});
        // @ts-expect-error: nor such a code
        export const never = (error: NexoraError): boolean => error.code === "no_such_code";
      `),
    ).toBe("");
  }, 60_000);

  test("are those of the contract, operation by operation; the quickstart and the vendors' messages fit", async () => {
    const checks = operations.map(({ id, output }) => {
      const method = id
        .split(".")
        .map((word) => `["${word.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())}"]`)
        .join("");
      // What asks for the stream in place of the reply is no field here.
      const input = `check<Equal<Input<"${id}">, NonNullable<Parameters<Client${method}>[0]>>>();`;
      const reply = `check<Equal<Output<"${id}">, Awaited<ReturnType<Client${method}>>>>();`;
      return output === null ? input : `${input}\n${reply}`;
    });
    const folderOfTypes = mkdtempSync(join(project, "dist/.types-"));
    try {
      const file = join(folderOfTypes, "contract.ts");
      const index = join(built, "typescript/lib/sdk/typescript/index.js");
      const [quickstart = ""] = blocks("ts");
      const vendors = join(folderOfTypes, "vendors.ts");
      writeFileSync(
        vendors,
        `import type Anthropic from "@anthropic-ai/sdk";
         import type OpenAI from "openai";
         import type { Client } from "${index}";
         export const claude = (nexora: Client, { content }: Anthropic.Messages.Message) =>
           nexora.workstation("dev").anthropic.run(content);
         export const beta = (nexora: Client, { content }: Anthropic.Beta.Messages.BetaMessage) =>
           nexora.anthropic.run({ session: "dev", content });
         export const gpt = (nexora: Client, { output }: OpenAI.Responses.Response) =>
           nexora.openai.run({ session: "dev", output });`,
      );
      writeFileSync(
        join(folderOfTypes, "quickstart.ts"),
        quickstart.replace('"@nexora/client"', `"${index}"`),
      );
      writeFileSync(
        file,
        `import type { Fields, OperationId, Output } from "../../src/contract/index.ts";
         import type { Client } from "${index}";
         type Input<Id extends OperationId> = Id extends "events" | "audit" | "gateway.logs"
           ? Omit<Fields<Id>, "follow"> : Fields<Id>;
         type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : ["less", A, B]) : ["more", A, B];
         function check<T extends true>(): T | void {}
         ${checks.join("\n")}`,
      );
      const config = {
        extends: join(project, "tsconfig.json"),
        files: [file, vendors, join(folderOfTypes, "quickstart.ts")],
        include: [],
        compilerOptions: { exactOptionalPropertyTypes: false },
      };
      writeFileSync(join(folderOfTypes, "tsconfig.json"), JSON.stringify(config));
      const tsc = join(project, "node_modules/.bin/tsc");
      const child = Bun.spawn([tsc, "-p", folderOfTypes], { stdout: "pipe" });
      expect(await new Response(child.stdout).text()).toBe("");
    } finally {
      rmSync(folderOfTypes, { recursive: true, force: true });
    }
  }, 60_000);
});
