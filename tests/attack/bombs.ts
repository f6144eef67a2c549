import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon } from "../support/daemon.ts";

/** Linux's numbers on x86-64: fork(2), setsid(2). */
const [fork, setsid] = [57, 112];
const call = (number: number) => [0xb8, number, 0, 0, 0, 0x0f, 0x05];

/** An ELF program for x86-64 of nothing but these instructions, over and over: as C would be, without a compiler. */
function native(...instructions: number[]): Uint8Array {
  const start = 0x78;
  const code = [...instructions, 0xe9];
  const size = start + code.length + 4;
  const it = Buffer.alloc(size);
  it.write("7f454c46020101", "hex");
  it.writeUInt16LE(2, 16); // ET_EXEC
  it.writeUInt16LE(62, 18); // EM_X86_64
  it.writeUInt32LE(1, 20);
  it.writeBigUInt64LE(BigInt(0x400000 + start), 24);
  it.writeBigUInt64LE(64n, 32);
  it.writeUInt16LE(64, 52);
  it.writeUInt16LE(56, 54);
  it.writeUInt16LE(1, 56);
  it.writeUInt32LE(1, 64); // PT_LOAD
  it.writeUInt32LE(5, 68); // readable, executable
  for (const at of [80, 88]) it.writeBigUInt64LE(0x400000n, at);
  for (const at of [96, 104]) it.writeBigUInt64LE(BigInt(size), at);
  it.writeBigUInt64LE(0x1000n, 112);
  it.set(code, start);
  it.writeInt32LE(-(code.length + 4), size - 4);
  return it;
}

const written = (program: Uint8Array) =>
  `echo ${Buffer.from(program).toString("base64")} | base64 -d > /tmp/bomb; chmod +x /tmp/bomb; exec /tmp/bomb`;

/** What each bomb runs. None ends by itself. Those in C are made for one kind of machine. */
const bombs: Record<string, string> = {
  shell: ":(){ :|:& :; }; while :; do : & : ; :; done",
  "shell with setsid": 'b(){ setsid bash -c "$(declare -f b); b" & }; while :; do b; done',
  ...(process.arch === "x64"
    ? {
        C: written(native(...call(fork))),
        "C with setsid": written(native(...call(fork), ...call(setsid))),
      }
    : {}),
};

/** What became of a session in which bombs went off. */
export interface Blast {
  kind: string;
  /** Whether the session was lost at any time. */
  lost: boolean;
  /** Most processes that were seen at once, and how many it may have. */
  processes: number;
  limit: number;
  /** How often its runner was started again. */
  endings: number;
  /** The neighbour's `exec true` meanwhile, in milliseconds, sorted. */
  neighbour: number[];
}

/** Lets `count` bombs of each kind go off in a session of their own, one after the other, under use. */
export async function* blasts(count: number): AsyncGenerator<Blast> {
  await using daemon = await TestDaemon.start();
  const neighbour = await daemon.newSession({ name: "neighbour", cpus: 1 });
  for (const [kind, line] of Object.entries(bombs)) {
    for (let at = 0; at < count; at++) {
      const small = { cpus: 1, pids, memoryBytes: 1024 ** 3 };
      const victim = await daemon.newSession({ name: "victim", ...small });
      yield { kind, ...(await blast(daemon, victim, neighbour, line)) };
      await daemon.call("DELETE", "/v1/sessions/victim");
    }
  }
}

/** Processes that a victim may have. */
const pids = 256;
/** How long a bomb is left to itself, in milliseconds: an idle JavaScript engine changes after some seconds. */
const blastMs = 8000;

async function containerOf(session: string) {
  const docker = connectDocker();
  const filters = { label: [`nexora.session=${session}`] };
  const [found] = await docker.listContainers({ filters });
  return docker.getContainer(found?.Id ?? "none");
}

async function blast(
  daemon: TestDaemon,
  victim: Session,
  neighbour: Session,
  line: string,
): Promise<Omit<Blast, "kind">> {
  const exec = (id: string, command: string, more: object = {}) =>
    daemon.call<ExecOutput>("POST", `/v1/sessions/${id}/exec`, { command: [command], ...more });
  const container = await containerOf(victim.id);
  await exec(victim.id, line, { detach: true });
  let processes = 0;
  const counting = async () => {
    while (performance.now() < until) {
      const { pids_stats } = await container.stats({ stream: false, "one-shot": true });
      processes = Math.max(processes, pids_stats?.current ?? 0);
    }
  };
  const until = performance.now() + blastMs;
  const counted = counting();
  const times: number[] = [];
  while (performance.now() < until) {
    const before = performance.now();
    await exec(neighbour.id, "true");
    times.push(performance.now() - before);
    // It is used meanwhile, whatever comes of that.
    void exec(victim.id, "true", { timeoutMs: 1000 }).catch(() => {});
    void daemon.call("POST", `/v1/sessions/${victim.id}/type`, { text: "x" }).catch(() => {});
    await Bun.sleep(100);
  }
  await counted;
  const shown = await daemon.call<Session>("GET", `/v1/sessions/${victim.id}`);
  const lost = shown.state !== "running" || shown.startedAt !== victim.startedAt;
  const [, often] = /(\d+) times so far/.exec(shown.notices.join()) ?? [];
  const endings = shown.notices.length === victim.notices.length ? 0 : Number(often ?? 1);
  return { lost, processes, limit: pids, endings, neighbour: times.toSorted((a, b) => a - b) };
}
