import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, type JobSession, prepare } from "../bench/agent/job-session.ts";
import { jobs } from "../bench/agent/jobs.ts";
import { OurTools } from "../bench/agent/ours.ts";
import { pictureTokens, produced } from "../bench/agent/tokens.ts";
import { TestDaemon } from "../support/daemon.ts";

const project = join(import.meta.dir, "../..");
const binary = process.env.NEXORA_TEST_BINARY;
const command = binary ? ([binary] as const) : (["bun", join(project, "nexora.ts")] as const);

let daemon: TestDaemon;
let workspace: string;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  workspace = mkdtempSync(join(tmpdir(), "nexora-jobs-"));
  await daemon.newSession({ name: "jobs", workspace });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  rmSync(workspace, { recursive: true, force: true });
});

/** The others need a browser, a toolkit, or time: `bun run bench agent` does them all. */
describe.each(jobs.filter(({ name }) => /vi|failing/.test(name)))("$name", (job) => {
  test("is done by our tools, for less than a fifth of the pictures that it takes otherwise", async () => {
    const session: JobSession = {
      workspace,
      call: (method, path, fields) => daemon.call(method, `/v1/sessions/jobs/${path}`, fields),
    };
    await prepare(session, job);
    await using tools = await OurTools.start(command, "jobs", { NEXORA_HOME: daemon.home });
    const { turns, seen } = await tools.do(job.ours);
    await check(session, job, seen);
    const pictures = job.theirs.filter((action) => "action" in action).length;
    expect(produced(turns)).toBeLessThan((pictures * pictureTokens(1024, 768)) / 5);
  });
});
