/**
 * Runs every test suite and ends with what failed and `N passed, N failed`. The set-up is
 * scripts/test's.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { startPostgres } from "../tests/support/postgres.ts";
import { type FailedSuite, summaryOf } from "./failures.ts";

const project = join(import.meta.dir, "..");
const totals = { passed: 0, failed: 0 };
const failed: FailedSuite[] = [];

/** Runs one suite, shows its output as it comes, and adds its counts to the totals. */
async function suite(
  title: string,
  command: string[],
  env: Record<string, string> = {},
): Promise<void> {
  console.log(`\n== ${title}`);
  count(await run(command, env, (text) => process.stdout.write(text)), title);
}

/**
 * Starts a suite that takes long and does next to nothing, beside the others. What it returns waits
 * for its end, shows its output and adds its counts.
 */
function beside(title: string, command: string[], env: Record<string, string>) {
  console.log(`\n== ${title}: runs beside the others; its output comes at the end`);
  const running = run(command, env, () => {});
  return async () => {
    console.log(`\n== ${title}`);
    const outcome = await running;
    process.stdout.write(outcome.texts.join("\n"));
    count(outcome, title);
  };
}

interface Outcome {
  code: number;
  /** What it has printed on its standard output, and on its standard error. */
  texts: string[];
  seconds: number;
}

async function run(
  command: string[],
  env: Record<string, string>,
  show: (text: string) => void,
): Promise<Outcome> {
  const started = performance.now();
  const child = Bun.spawn(command, {
    cwd: project,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, ...env },
  });
  const texts = await Promise.all([child.stdout, child.stderr].map((it) => textOf(it, show)));
  const code = await child.exited;
  return { code, texts, seconds: (performance.now() - started) / 1000 };
}

function count({ code, texts, seconds }: Outcome, title: string): void {
  const counted = (word: string) =>
    [...texts.join("\n").matchAll(new RegExp(`^ *(\\d+) ${word}$`, "gm"))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
  const fails = counted("fail");
  totals.passed += counted("pass");
  // A step without counts (a linter, a build), or a runner that died, is one failure.
  totals.failed += code === 0 ? fails : Math.max(1, fails);
  if (code !== 0 || fails > 0) failed.push({ title, code, texts });
  const how = code === 0 ? "passed" : "FAILED";
  console.log(`== ${title}: ${how} in ${Math.round(seconds)} s`);
}

async function textOf(
  stream: ReadableStream<Uint8Array>,
  show: (text: string) => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    const part = decoder.decode(chunk, { stream: true });
    show(part);
    text += part;
  }
  return text;
}

/** What is done in a session that runs: nothing of it is stored. */
const inSession =
  /^(accessible|acting|batch|blocks|chrome-(elements|pages)|desktop|diff|exact-text|exec|keys|mcp|ocr|open|programs|record|screen|terminals|typing|waiting)\b/;

/** The integration tests that a database is part of: the others would do the same thing twice. */
function usingStore(): string[] {
  const folder = "tests/integration";
  return [...new Glob("*.test.ts").scanSync({ cwd: join(project, folder) })]
    .filter((name) => !inSession.test(name))
    .map((name) => `./${folder}/${name}`)
    .filter((path) =>
      /support\/(daemon|stores|restarts)\.ts/.test(readFileSync(join(project, path), "utf8")),
    )
    .sort();
}

await suite("check", ["bun", "run", "check"]);
await suite("build", ["bun", "run", "build"]);
await suite("image", ["bun", "scripts/test-image.ts"]);
const binary = { NEXORA_TEST_BINARY: join(project, "dist/nexora") };
const silence = beside("silence", ["bun", "run", "silence"], binary);
await suite("integration, embedded database", ["bun", "run", "integration"], binary);
const server = await startPostgres();
try {
  await suite("integration, PostgreSQL", ["bun", "test", "--timeout", "120000", ...usingStore()], {
    ...binary,
    NEXORA_TEST_DATABASE_URL: server.url,
  });
} finally {
  await server.stop();
}
const schemathesis = process.env.NEXORA_TEST_SCHEMATHESIS ?? "st";
await suite("HTTP", ["bun", "tests/http/main.ts", schemathesis], binary);
await suite("e2e", ["bun", "run", "e2e"]);
await suite("fuzz", ["bun", "run", "fuzz", "--seconds", "30"], binary);
await suite("fork bombs", ["bun", "tests/attack/main.ts", "--bombs", "1"], binary);
const chaos = ["--seed", "7", "--seconds", "20", "--engine", "shared"];
await suite("chaos", ["bun", "tests/chaos/main.ts", ...chaos], binary);
await silence();

for (const line of summaryOf(failed)) console.log(line);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
