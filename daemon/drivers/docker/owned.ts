import type { Engine } from "./engine.ts";
import { label, ownedBy, reachFromLabels } from "./labels.ts";

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
 * answer, has left them. Sessions of another engine than `identity` keep theirs, as this one knows
 * nothing of them; those that run here get theirs back. Whatever comes up meanwhile puts the rest
 * off to the next time.
 */
export async function settlePorts(
  { docker, instance, ports }: Engine,
  comingUp: ComingUp,
  identity: string,
  signal?: AbortSignal,
): Promise<void> {
  const { begun } = comingUp;
  const held = await ports.holders();
  const holders = new Map(held.map(({ session, engine }) => [session.id, engine]));
  const starting = new Set(comingUp.sessions);
  const filters = { ...ownedBy(instance), status: ["running", "paused"] };
  const query = { all: true, filters, ...(signal ? { abortSignal: signal } : {}) };
  const running = new Map(
    (await docker.listContainers(query)).map(({ Labels }) => [Labels[label.session], Labels]),
  );
  for (const [session, engine] of holders) {
    if (comingUp.begun !== begun) return;
    const elsewhere = engine !== null && engine !== identity;
    if (!elsewhere && !running.has(session) && !starting.has(session)) await ports.release(session);
  }
  for (const [session, labels] of running) {
    if (session === undefined || holders.has(session) || starting.has(session)) continue;
    await ports.keep(session, reachFromLabels(labels).ports);
  }
}
