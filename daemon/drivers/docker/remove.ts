import { messageOf } from "../../../src/thrown.ts";
import type { Engine } from "./engine.ts";
import { statusOf } from "./errors.ts";
import { ownedBy } from "./labels.ts";

/** Removes all of a session's containers and, with `home`, its volumes; then its ports are free. */
export async function removeWorkstation(
  engine: Engine,
  session: string,
  options: { home: boolean },
  signal?: AbortSignal,
): Promise<void> {
  await removeContainers(engine, session, signal);
  if (options.home) await removeVolumes(engine, session, [], signal);
  await engine.workspaces.release(session);
  engine.faults("rm:engine");
  await engine.ports.release(session);
  engine.faults("rm:ports");
}

/**
 * Removes a session's containers. Found by label, so that one that was never recorded goes too, and
 * a stranger's never does.
 */
export async function removeContainers(
  engine: Engine,
  session: string,
  signal?: AbortSignal,
): Promise<void> {
  const abort = signal ? { abortSignal: signal } : {};
  const found = await engine.docker.listContainers({
    all: true,
    filters: ownedBy(engine.instance, session),
    ...abort,
  });
  await Promise.all(
    found.map(({ Id }) =>
      engine.docker
        .getContainer(Id)
        .remove({ force: true, ...abort })
        .catch(ignoreGone),
    ),
  );
}

/** Names of a session's volumes. */
export async function volumesOf(
  engine: Engine,
  session: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const { Volumes } = await engine.docker.listVolumes({
    filters: ownedBy(engine.instance, session),
    ...(signal ? { abortSignal: signal } : {}),
  });
  return (Volumes ?? []).map(({ Name }) => Name);
}

/** Removes a session's volumes but those named in `keep`. */
export async function removeVolumes(
  engine: Engine,
  session: string,
  keep: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const names = await volumesOf(engine, session, signal);
  await Promise.all(
    names
      .filter((name) => !keep.includes(name))
      .map((name) => engine.docker.getVolume(name).remove().catch(ignoreGone)),
  );
}

/** 404: gone already; 409: the engine is removing it. */
function ignoreGone(error: unknown): void {
  const status = statusOf(error);
  const isUnderWay = status === 409 && /already in progress/.test(messageOf(error));
  if (status !== 404 && !isUnderWay) throw error;
}
