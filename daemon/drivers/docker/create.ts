import type Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { WorkstationRef, WorkstationSpec } from "../driver.ts";
import { containerOptions } from "./container.ts";
import type { Engine } from "./engine.ts";
import { statusOf } from "./errors.ts";
import type { WorkstationNetwork } from "./network.ts";
import { removeVolumes, volumesOf } from "./remove.ts";
import { checkOffered } from "./security.ts";

const deadlineMs = 60_000;

/** Makes a workstation's container and volumes; what it made is taken back when it throws. */
export async function createWorkstation(
  engine: Engine & { network: WorkstationNetwork },
  spec: WorkstationSpec,
  signal?: AbortSignal,
): Promise<WorkstationRef> {
  const { docker, instance, workspaces, seccomp, apparmor } = engine;
  const { session, workspace, uid, gid, network, runtime } = spec;
  await checkOffered(docker, { runtime, apparmor });
  if (network === "full") await engine.network.ensure();
  const kept = await volumesOf(engine, session, signal);
  let container: Docker.Container | null = null;
  try {
    const bind =
      workspace === null ? null : await workspaces.prepare({ session, workspace, uid, gid });
    container = await post(docker, containerOptions({ instance, spec, bind, seccomp, apparmor }));
    signal?.throwIfAborted();
    return { session, handle: container.id, ports: spec.ports };
  } catch (error) {
    if (statusOf(error) === 409) {
      throw new NexoraError("conflict", `session ${session} has a workstation already`, {
        hint: "remove it with `nexora session rm`",
        cause: error,
      });
    }
    await takeBack(engine, session, container, kept).catch(() => {}); // The first error counts.
    throw error;
  }
}

/** Without the caller's signal, who may be gone. */
async function takeBack(
  engine: Engine,
  session: string,
  container: Docker.Container | null,
  kept: readonly string[],
): Promise<void> {
  await container?.remove({ force: true });
  await removeVolumes(engine, session, kept);
  await engine.workspaces.release(session);
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
