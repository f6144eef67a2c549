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

/** Sessions whose workstations are between being made and running. */
export class ComingUp {
  /** How many there have been. */
  begun = 0;
  readonly sessions = new Set<string>();

  begin(session: string): void {
    this.begun++;
    this.sessions.add(session);
  }

  end(session: string): void {
    this.sessions.delete(session);
  }
}

/**
 * Frees the ports of sessions that neither run nor come up: a crash, or an engine that did not
 * answer, has left them. Whatever comes up meanwhile puts the rest off to the next time.
 */
export async function releaseLeftPorts(
  { docker, instance, ports }: Engine,
  comingUp: ComingUp,
  signal?: AbortSignal,
): Promise<void> {
  const { begun } = comingUp;
  const holders = new Set((await ports.holders()).map(({ session }) => session.id));
  if (holders.size === 0) return;
  const starting = new Set(comingUp.sessions);
  const filters = { ...ownedBy(instance), status: ["running", "paused"] };
  const query = { all: true, filters, ...(signal ? { abortSignal: signal } : {}) };
  const running = (await docker.listContainers(query)).map(({ Labels }) => Labels[label.session]);
  for (const session of holders) {
    if (comingUp.begun !== begun) return;
    if (!running.includes(session) && !starting.has(session)) await ports.release(session);
  }
}
