import { chmodSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Output } from "../../../src/contract/index.ts";
import type { Job } from "./jobs.ts";

const site = join(import.meta.dir, "../../fixtures/site");

/** A session in which jobs are done. */
export interface JobSession {
  /** Its workspace, on this side. */
  workspace: string;
  /** One request about it. Throws the daemon's error. */
  call<T>(method: string, path: string, fields?: object): Promise<T>;
}

/** Makes a session ready for a job. */
export async function prepare(session: JobSession, job: Job): Promise<void> {
  const { workspace } = session;
  for (const [name, text] of Object.entries(job.files ?? {})) {
    writeFileSync(join(workspace, name), text);
    if (name.endsWith(".sh")) chmodSync(join(workspace, name), 0o755);
  }
  if (job.site) {
    cpSync(site, join(workspace, "site"), { recursive: true });
    await session.call("POST", "exec", { command: ["node", "site/start.mjs"] });
  }
  for (const [path, fields] of job.before ?? []) await session.call("POST", path, fields);
  if (job.before) await session.call("POST", "wait", { stableMs: 500 });
}

/** Throws unless the job has been done, and what the agent must have seen was shown. */
export async function check(session: JobSession, job: Job, seen: string): Promise<void> {
  if (!job.shows.test(seen)) throw new Error(`${job.name}: not shown: ${job.shows}\n${seen}`);
  if (!job.done) return;
  const done = await session.call<Output<"exec">>("POST", "exec", { command: [job.done] });
  if (done.exitCode !== 0) throw new Error(`${job.name}: not done\n${done.stdout}${done.stderr}`);
}
