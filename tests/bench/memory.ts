import { readFileSync } from "node:fs";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { Bench } from "./bench.ts";
import { summarize } from "./measure.ts";
import { Nexora } from "./nexora.ts";
import type { Goal, Row } from "./table.ts";
import { fillScreen } from "./workload.ts";

const MiB = 2 ** 20;
/** Sessions whose displays are open together. */
const count = 5;

/** The resident memory of a daemon of its own, without and with sessions, and of containers. */
export async function benchMemory({ signal }: Bench): Promise<Row[]> {
  await using nexora = await Nexora.start(signal);
  const idle = await settled(nexora.pid, signal);
  const rows = [row("memory: daemon, idle", [idle.rss], { atMost: 220 })];
  rows.push(row("of that, its own (not pages of the binary)", [idle.anonymous]));

  // The first one loads what all share: sharp, the HTTP client, compiled code.
  await open(nexora);
  const one = await settled(nexora.pid, signal, () => touchAll(nexora));
  for (let n = 0; n < count; n++) await open(nexora);
  const many = await settled(nexora.pid, signal, () => touchAll(nexora));
  rows.push(row("memory: daemon, with the first session open", [one.rss]));
  rows.push(
    row(`memory: daemon, for each of ${count} more`, [(many.rss - one.rss) / count], {
      atMost: 12,
    }),
  );
  const used = await Promise.all((await sessionIds(nexora)).map(containerMiB));
  rows.push(row("memory: container without a browser", used, { atMost: 90 }));
  return rows;
}

function row(what: string, samples: number[], goal?: Goal): Row {
  return { what, unit: "MiB", ours: summarize(samples), ...(goal ? { goal } : {}) };
}

async function open(nexora: Nexora): Promise<void> {
  const session = await nexora.newSession();
  await fillScreen(nexora, session);
}

async function sessionIds(nexora: Nexora): Promise<string[]> {
  const { sessions } = await nexora.call<{ sessions: { id: string }[] }>("GET", "/v1/sessions");
  return sessions.map(({ id }) => id);
}

/** A look at every screen, which opens its display and keeps it open. */
async function touchAll(nexora: Nexora): Promise<void> {
  for (const id of await sessionIds(nexora)) await nexora.call("GET", `/v1/sessions/${id}/screen`);
}

interface Resident {
  rss: number;
  anonymous: number;
}

/** A process's resident memory in MiB once it has stayed within 1 % for 2 s (at most 20 s). */
export async function settled(
  pid: number,
  signal: AbortSignal,
  touch: () => Promise<void> = async () => {},
): Promise<Resident> {
  let last = resident(pid);
  for (let calm = 0, tries = 0; calm < 4 && tries < 40; tries++) {
    signal.throwIfAborted();
    await touch();
    await Bun.sleep(500);
    const now = resident(pid);
    calm = Math.abs(now.rss - last.rss) < last.rss / 100 ? calm + 1 : 0;
    last = now;
  }
  return last;
}

function resident(pid: number): Resident {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? Number.NaN) / 1024;
  return { rss: field("VmRSS"), anonymous: field("RssAnon") };
}

/** Memory of a session's container without the page cache, which the kernel takes back. */
async function containerMiB(session: string): Promise<number> {
  const docker = connectDocker();
  const filters = { label: [`nexora.session=${session}`] };
  const [found] = await docker.listContainers({ filters });
  const stats = await docker.getContainer(found?.Id ?? "").stats({ stream: false });
  const { usage, stats: parts } = stats.memory_stats;
  const { total_inactive_file, total_active_file, inactive_file, active_file } = parts as Record<
    string,
    number | undefined
  >;
  const cache =
    (total_inactive_file ?? inactive_file ?? 0) + (total_active_file ?? active_file ?? 0);
  return (usage - cache) / MiB;
}
