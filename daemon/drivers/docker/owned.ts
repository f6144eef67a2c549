import type { Engine } from "./engine.ts";
import { label, ownedBy } from "./labels.ts";

/** Ids of the sessions of which this instance has a container, a volume or a view of a workspace. */
export async function ownedSessions(engine: Engine, signal?: AbortSignal): Promise<string[]> {
  const { docker, instance, workspaces } = engine;
  const query = { filters: ownedBy(instance), ...(signal ? { abortSignal: signal } : {}) };
  const [containers, { Volumes }, views] = await Promise.all([
    docker.listContainers({ all: true, ...query }),
    docker.listVolumes(query),
    workspaces.views(),
  ]);
  const owned = [...containers, ...(Volumes ?? [])].map(({ Labels }) => Labels[label.session]);
  return [...new Set([...owned, ...views])].filter((id) => id !== undefined);
}
