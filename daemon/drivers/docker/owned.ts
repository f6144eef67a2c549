import type { Engine } from "./engine.ts";
import { label, ownedBy } from "./labels.ts";

/** Ids of the sessions of which this instance has a container or a volume. */
export async function ownedSessions(engine: Engine, signal?: AbortSignal): Promise<string[]> {
  const { docker, instance } = engine;
  const query = { filters: ownedBy(instance), ...(signal ? { abortSignal: signal } : {}) };
  const [containers, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, ...query }),
    docker.listVolumes(query),
  ]);
  const owned = [...containers, ...(Volumes ?? [])].map(({ Labels }) => Labels[label.session]);
  return [...new Set(owned)].filter((id) => id !== undefined);
}
