import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { RunnerBoot } from "../../../src/runner/protocol.ts";
import { untilReady } from "./boot.ts";
import type { Engine } from "./engine.ts";
import { label } from "./labels.ts";
import { readLines } from "./output.ts";

/** Longest time to READY that a caller can allow, in milliseconds. */
const readyDeadlineMs = 600_000;
const killMs = 15_000;

/**
 * Starts a container, hands it its secrets on standard input and follows its output until READY.
 * One that does not get there is killed, and stays for its log.
 */
export async function startWorkstation(
  engine: Engine,
  handle: string,
  boot: RunnerBoot,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(readyDeadlineMs);
  const abort = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const container = engine.docker.getContainer(handle);
  const restored = restoreWorkspace(engine, container, abort);
  restored.catch(() => {}); // Awaited below.
  const stream = await attach(container, abort);
  const onAbort = () => stream.destroy(abort.reason);
  abort.addEventListener("abort", onAbort, { once: true });
  try {
    const writableWorkspace = await restored;
    // Before the start: the runner then finds its secrets as soon as it looks.
    stream.write(`${JSON.stringify({ ...boot, writableWorkspace })}\n`);
    const ready = untilReady(readLines(stream));
    ready.catch(() => {}); // A failed start is the better reason.
    // Not cut short by a caller who goes: the engine would start it after it was killed.
    await container.start({ abortSignal: deadline });
    stream.end();
    await ready;
  } catch (error) {
    // It has ended, or never ran; a silent engine is not waited for.
    await container.kill({ abortSignal: AbortSignal.timeout(killMs) }).catch(() => {});
    if (deadline.aborted && !signal?.aborted) throw late(error);
    throw abort.aborted ? abort.reason : error;
  } finally {
    abort.removeEventListener("abort", onAbort);
    stream.destroy();
  }
}

/** A raw stream both ways; what comes out is multiplexed. */
async function attach(container: Docker.Container, abortSignal: AbortSignal): Promise<Duplex> {
  const streams = { stream: true, stdin: true, stdout: true, stderr: true };
  return (await container.attach({ ...streams, hijack: true, abortSignal })) as Duplex;
}

/** Makes the id-mapped view anew when it is gone (a reboot); whether the container uses one. */
async function restoreWorkspace(
  engine: Engine,
  container: Docker.Container,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const { Config, Mounts } = await container.inspect({ abortSignal });
  const workspace = Config.Labels[label.workspace];
  const bound = Mounts.find(({ Destination }) => Destination === "/workspace")?.Source;
  if (workspace === undefined || bound === workspace) return false;
  const [uid, gid] = Config.User.split(":").map(Number);
  const session = Config.Labels[label.session] ?? "";
  await engine.workspaces.prepare({ session, workspace, uid: uid ?? 0, gid: gid ?? 0 });
  return true;
}

function late(cause: unknown): NexoraError {
  const seconds = readyDeadlineMs / 1000;
  return new NexoraError("timeout", `the workstation was not ready within ${seconds} s`, {
    hint: "see `nexora session logs`",
    cause,
  });
}
