/**
 * Sends what schemathesis makes up from the OpenAPI document to a real daemon with a real session:
 * every status, content type and reply is as the document says, and nothing is a 500. Its argument
 * is the `st` of the virtual environment that scripts/test makes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestDaemon } from "../support/daemon.ts";

/** Fixed, so that a finding comes again. */
const seed = 7;
/** How long it goes on, in seconds. */
const seconds = 60;
/** How long one reply may take, in seconds: none is slow, but the machine may be. */
const replySeconds = 30;

const leftOut: Record<string, string> = {
  "daemon.stop": "would end the run",
  "image.build": "takes minutes, and needs a mirror",
  "image.rm": "would take away what other tests run on",
  "session.attach": "streams until its client leaves",
  watch: "streams until its client leaves",
};

const [program = "st"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "nexora-http-"));
try {
  await using daemon = await TestDaemon.start();
  const { id } = await daemon.newSession({ workspace: null });
  const template = await Bun.file(join(import.meta.dir, "schemathesis.toml")).text();
  await Bun.write(join(folder, "schemathesis.toml"), template.replace(/"SESSION"/, `"${id}"`));
  const report = join(folder, "report.xml");
  for (const [operation, why] of Object.entries(leftOut))
    console.log(`without ${operation}: ${why}`);
  const child = Bun.spawn(
    [
      ...[program, "run", `${daemon.url}/openapi.json`],
      ...["--header", `Authorization: Bearer ${daemon.token}`],
      ...["--seed", `${seed}`, "--max-time", `${seconds}`, "--phases", "coverage,fuzzing"],
      ...["--request-timeout", `${replySeconds}`, "--continue-on-failure", "--warnings", "off"],
      ...["--report", "junit", "--report-junit-path", report],
      ...Object.keys(leftOut).flatMap((operation) => ["--exclude-operation-id", operation]),
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: "hooks",
        PYTHONPATH: import.meta.dir,
        PYTHONDONTWRITEBYTECODE: "1",
      },
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
    },
  );
  const code = await child.exited;
  // One for each operation, as for each test of another suite.
  const { tested, failed } = await totals(report);
  console.log(` ${tested - failed} pass\n ${failed} fail`);
  process.exitCode = code === 0 && tested > failed && failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Of a JUnit report: what was tested, and how much of it has failed. */
async function totals(path: string): Promise<{ tested: number; failed: number }> {
  const file = Bun.file(path);
  const text = (await file.exists()) ? await file.text() : "";
  const cases = text.split("<testcase ").slice(1);
  return { tested: cases.length, failed: cases.filter((it) => /<(failure|error)/.test(it)).length };
}
