import type Docker from "dockerode";
import { within } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { settled } from "../../../src/settled.ts";
import type { WorkstationSpec } from "../driver.ts";
import { type ContainerPlan, containerOptions } from "./container.ts";
import type { Engine } from "./engine.ts";
import { statusOf } from "./errors.ts";
import { isSharing, type WorkstationNetwork } from "./network.ts";
import { removeContainers, removeVolumes, volumesOf } from "./remove.ts";
import { checkOffered } from "./security.ts";

const deadlineMs = 60_000;
const takeBackMs = 30_000;

/**
 * Makes a workstation's container and volumes, on ports that are allocated before; what it made is
 * taken back when it throws. Returns what the container was made from.
 */
export async function createWorkstation(
  engine: Engine & { network: WorkstationNetwork; defaultRuntime: string },
  spec: WorkstationSpec,
  signal?: AbortSignal,
): Promise<ContainerPlan> {
  const { docker, instance, workspaces, seccomp, apparmor } = engine;
  const { session, workspace, workspaceIdentity: identity, uid, gid, network, runtime } = spec;
  let kept: readonly string[] | null = null;
  let container: Docker.Container | null = null;
  try {
    const [ports, bind, volumes] = await settled([
      engine.ports.allocate(session),
      workspace === null ? null : workspaces.prepare({ session, workspace, identity, uid, gid }),
      volumesOf(engine, session, signal),
      checkOffered(docker, { runtime, apparmor }),
      network === "full" ? engine.network.ensure() : null,
    ]);
    engine.faults("up:ports");
    kept = volumes;
    const sharesKernel = isSharing(runtime ?? engine.defaultRuntime);
    const joins = network === "full" && sharesKernel;
    const plan = { instance, spec, ports, bind, joins, sharesKernel, seccomp, apparmor };
    container = await post(docker, containerOptions(plan));
    signal?.throwIfAborted();
    return plan;
  } catch (error) {
    if (statusOf(error) === 409) {
      throw new NexoraError("conflict", `session ${session} has a workstation already`, {
        hint: "remove it with `nexora session rm`",
        cause: error,
      });
    }
    // The first error counts; what a silent engine keeps is found by its labels.
    const undone = takeBack(engine, session, container, kept);
    await within(undone, AbortSignal.timeout(takeBackMs)).catch(() => {});
    throw error;
  }
}

/**
 * Replaces a container that did not start, because a stranger holds one of its ports, by one on
 * others: none of those in `avoid`.
 */
export async function moveToOtherPorts(
  engine: Engine,
  plan: ContainerPlan,
  avoid: readonly number[],
): Promise<ContainerPlan> {
  const { session } = plan.spec;
  await removeContainers(engine, session);
  await engine.ports.release(session);
  const moved = { ...plan, ports: await engine.ports.allocate(session, avoid) };
  await post(engine.docker, containerOptions(moved));
  return moved;
}

/** Without the caller's signal, who may be gone. */
async function takeBack(
  engine: Engine,
  session: string,
  container: Docker.Container | null,
  kept: readonly string[] | null,
): Promise<void> {
  await container?.remove({ force: true });
  // Null: it came to no container that could have made any.
  if (kept) await removeVolumes(engine, session, kept);
  await engine.workspaces.release(session);
  await engine.ports.release(session);
}

/**
 * Not cut short by a caller who goes: the engine would make the container all the same, and nobody
 * would know its id.
 */
function post(
  docker: Docker,
  { name, ...body }: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  // dockerode puts options into the URL as well unless told apart, and a seccomp profile is long.
  const request = { _query: { name }, _body: body, abortSignal: AbortSignal.timeout(deadlineMs) };
  return docker.createContainer(request as Docker.ContainerCreateOptions);
}
