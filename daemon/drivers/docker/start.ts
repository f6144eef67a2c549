import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { RunnerBoot } from "../../../src/runner/boot.ts";
import { untilReady } from "./boot.ts";
import type { ContainerPlan } from "./container.ts";
import type { Engine } from "./engine.ts";
import { label, objectName } from "./labels.ts";
import type { WorkstationNetwork } from "./network.ts";
import { readLines } from "./output.ts";

/** Longest time to READY that a caller can allow, in milliseconds. */
const readyDeadlineMs = 600_000;
const killMs = 15_000;

/** What is to be done with a container besides starting it. */
interface Wants {
  /** /workspace is a view. */
  viewed: boolean;
  /** It is to join the network, on which it is not yet. */
  joins: boolean;
}

/**
 * Starts a container, hands it its secrets on standard input, connects it to its network while its
 * desktop starts, and follows its output until READY. One that does not get there is killed, and
 * stays for its log. `plan`: what it was made from just now; without one the engine is asked.
 */
export async function startWorkstation(
  engine: Engine & { network: WorkstationNetwork },
  container: Docker.Container,
  plan: ContainerPlan | undefined,
  boot: RunnerBoot,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(readyDeadlineMs);
  const abort = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const prepared = plan ? prepare(engine, plan, abort) : restore(engine, container, abort);
  prepared.catch(() => {}); // Awaited below.
  const stream = await attach(container, abort);
  const onAbort = () => stream.destroy(abort.reason);
  abort.addEventListener("abort", onAbort, { once: true });
  try {
    const { viewed, joins } = await prepared;
    // Before the start: the runner then finds its secrets as soon as it looks.
    const line = { ...boot, viewedWorkspace: viewed, networkComes: joins };
    stream.write(`${JSON.stringify(line)}\n`);
    const ready = untilReady(readLines(stream));
    ready.catch(() => {}); // A failed start is the better reason.
    // Not cut short by a caller who goes: the engine would start it after it was killed.
    await container.start({ abortSignal: deadline });
    if (joins) await engine.network.join(container.id, abort);
    stream.end("\n");
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

/** For a container that has just been made. */
async function prepare(
  { network, instance }: Engine & { network: WorkstationNetwork },
  { bind, spec, joins }: ContainerPlan,
  abortSignal: AbortSignal,
): Promise<Wants> {
  if (joins) await network.prepare(objectName(instance, spec.session), abortSignal);
  return { viewed: bind !== null && bind !== spec.workspace, joins };
}

/** For one that has run before: makes its view anew when that is gone (a reboot). */
async function restore(
  engine: Engine,
  container: Docker.Container,
  abortSignal: AbortSignal,
): Promise<Wants> {
  const { Config, Mounts, NetworkSettings } = await container.inspect({ abortSignal });
  const full = Config.Labels[label.network] !== "none";
  const joins = full && Object.keys(NetworkSettings.Networks).length === 0;
  const workspace = Config.Labels[label.workspace];
  const bound = Mounts.find(({ Destination }) => Destination === "/workspace")?.Source;
  if (workspace === undefined) return { viewed: false, joins };
  const [uid, gid] = Config.User.split(":").map(Number);
  const session = Config.Labels[label.session] ?? "";
  const identity = Config.Labels[label.workspaceIdentity] ?? null;
  await engine.workspaces.prepare({ session, workspace, identity, uid: uid ?? 0, gid: gid ?? 0 });
  return { viewed: bound !== workspace, joins };
}

function late(cause: unknown): NexoraError {
  const seconds = readyDeadlineMs / 1000;
  return new NexoraError("timeout", `the workstation was not ready within ${seconds} s`, {
    hint: "see `nexora session logs`",
    cause,
  });
}
