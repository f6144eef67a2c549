import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { isNotNull } from "drizzle-orm";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import { readInstance } from "../../daemon/home.ts";
import { instanceOf } from "../../daemon/store/open.ts";
import { portAllocations, sessions } from "../../daemon/store/schema.ts";
import { mountPoints } from "../../daemon/workspaces/mounts.ts";
import { readRegistration } from "../../src/client/registration.ts";
import { pathsOf } from "../../src/paths.ts";
import { storeOf } from "./stores.ts";

/** All that one home has anywhere. */
export interface Census {
  rows: { id: string; name: string; state: string }[];
  /** Session of each allocated port. */
  ports: string[];
  containers: { session: string; running: boolean }[];
  /** Session of each volume. */
  volumes: string[];
  /** Session of each view of a workspace. */
  views: string[];
}

/** What the engine has of an instance's, and the kernel of its home's; the daemon may run. */
export async function engineCensus(
  home: string,
  docker: Docker = connectDocker(),
  /** The one whose daemon runs there, or died there, unless it is given. */
  instance = readRegistration(pathsOf({ NEXORA_HOME: home }).registration)?.instance,
): Promise<Pick<Census, "containers" | "volumes" | "views">> {
  if (!instance) throw new Error(`no daemon is running in ${home}`);
  const filters = { label: [`nexora.instance=${instance}`] };
  const [containers, { Volumes }, folders, mounted] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    readdir(join(home, "mounts")).catch(() => []),
    mountPoints(),
  ]);
  const session = ({ Labels }: { Labels: Record<string, string> }) =>
    Labels["nexora.session"] ?? "";
  const points = mounted.filter((point) => point.startsWith(join(home, "mounts")));
  // What counts homes is no session's: a daemon that ends meanwhile leaves it to the next one.
  const ofSessions = containers.filter((it) => session(it) !== "");
  return {
    containers: ofSessions.map((it) => ({
      session: session(it),
      running: it.State === "running" || it.State === "paused",
    })),
    volumes: (Volumes ?? []).map(session),
    views: [...new Set([...folders, ...points.map((point) => point.split("/").pop() ?? "")])],
  };
}

/** Everything; only while no daemon has the home. */
export async function census(home: string, docker?: Docker): Promise<Census> {
  const paths = pathsOf({ NEXORA_HOME: home });
  const store = await storeOf(paths);
  try {
    const instance = await instanceOf(store.db, readInstance(paths));
    const rows = await store.db.select().from(sessions);
    const ports = await store.db
      .select()
      .from(portAllocations)
      .where(isNotNull(portAllocations.sessionId));
    return {
      ...(await engineCensus(home, docker, instance)),
      rows: rows.filter((row) => row.instance === instance),
      ports: ports
        .filter((port) => port.instance === instance)
        .map(({ sessionId }) => sessionId ?? ""),
    };
  } finally {
    await store.close();
  }
}

/** What does not agree between the store, the engine and the kernel, in words; empty is well. */
export function disagreements({ rows, ports, containers, volumes, views }: Census): string[] {
  const found: string[] = [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const owned = {
    container: containers.map(({ session }) => session),
    volume: volumes,
    view: views,
  };
  for (const [kind, ids] of Object.entries(owned)) {
    for (const id of ids) if (!byId.has(id)) found.push(`${kind} of ${id}, which has no row`);
  }
  for (const { id, name, state } of rows) {
    const own = containers.filter(({ session }) => session === id);
    const running = own.filter((container) => container.running).length;
    const held = ports.filter((session) => session === id).length;
    const expected = state === "running" ? 1 : 0;
    if (!["running", "stopped", "failed"].includes(state)) found.push(`${name} is ${state}`);
    if (own.length > 1) found.push(`${name} has ${own.length} containers`);
    if (running !== expected) found.push(`${name} is ${state}, ${running} containers run`);
    if (held !== expected * 2) found.push(`${name} is ${state} and holds ${held} ports`);
  }
  return found;
}
