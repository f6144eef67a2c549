import { once } from "node:events";
import type Docker from "dockerode";
import type { Session } from "../../src/contract/session.ts";
import { census, disagreements } from "../support/census.ts";
import type { TestDaemon } from "../support/daemon.ts";

/** How long one reconcile may take to settle everything, in milliseconds. */
const settleMs = 60_000;
const settled = new Set(["running", "stopped", "failed"]);

export interface Expected {
  home: string;
  start: () => Promise<TestDaemon>;
  docker: Docker;
  /** Sessions that must be there, and what their homes hold. */
  lived: ReadonlyMap<string, string>;
}

/** What is wrong once a fresh daemon has reconciled, in words. Leaves nothing behind. */
export async function verdictOf({ home, start, docker, lived }: Expected): Promise<string[]> {
  const wrong: string[] = [];
  let daemon = await start();
  wrong.push(...(await settle(daemon)));
  await daemon.end();
  wrong.push(...disagreements(await census(home, docker)));

  daemon = await start();
  const sessions = new Map((await list(daemon)).map((session) => [session.name, session]));
  for (const [name, mark] of lived) {
    const session = sessions.get(name);
    if (!session) wrong.push(`${name} was ready, nobody removed it, and it is gone`);
    else wrong.push(...(await answers(daemon, session, mark)));
  }
  for (const { id, name } of sessions.values()) {
    await daemon
      .call("DELETE", `/v1/sessions/${id}`)
      .catch((error) => wrong.push(`rm ${name}: ${error.message}`));
  }
  await daemon.end();
  const left = await census(home, docker);
  for (const kind of ["rows", "ports", "containers", "volumes", "views"] as const) {
    if (left[kind].length > 0) wrong.push(`after all was removed: ${left[kind].length} ${kind}`);
  }
  return wrong;
}

async function list(daemon: TestDaemon): Promise<Session[]> {
  return (await daemon.call<{ sessions: Session[] }>("GET", "/v1/sessions")).sessions;
}

async function settle(daemon: TestDaemon): Promise<string[]> {
  const signal = AbortSignal.timeout(settleMs);
  while (!signal.aborted) {
    const unsettled = (await list(daemon)).filter(({ state }) => !settled.has(state));
    if (unsettled.length === 0) return [];
    await Promise.race([Bun.sleep(200), once(signal, "abort")]);
  }
  const unsettled = (await list(daemon)).filter(({ state }) => !settled.has(state));
  return unsettled.map(({ name, state }) => `${name} is still ${state}`);
}

/** A session that does not run must start, and each has what was written to its home. */
async function answers(daemon: TestDaemon, session: Session, mark: string): Promise<string[]> {
  const path = `/v1/sessions/${session.id}`;
  try {
    if (session.state !== "running") await daemon.call("POST", `${path}/start`);
    const body = { command: ["cat ~/mark"], timeoutMs: 20_000 };
    const { stdout } = await daemon.call<{ stdout: string }>("POST", `${path}/exec`, body);
    if (stdout === mark) return [];
    return [`${session.name} has ${JSON.stringify(stdout)} at home, not ${JSON.stringify(mark)}`];
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return [`${session.name} (${session.state}) does not answer: ${code}: ${message}`];
  }
}
