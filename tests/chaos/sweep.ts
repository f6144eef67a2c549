import { rmSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { readInstance } from "../../daemon/home.ts";
import { mountPoints, unmount } from "../../daemon/workspaces/mounts.ts";
import { pathsOf } from "../../src/paths.ts";

/** Removes what a home has in the engine and the kernel, whatever its store says of it. */
export async function sweep(home: string, docker: Docker): Promise<void> {
  const filters = { label: [`nexora.instance=${readInstance(pathsOf({ NEXORA_HOME: home }))}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
  const { Volumes } = await docker.listVolumes({ filters });
  await Promise.all((Volumes ?? []).map(({ Name }) => docker.getVolume(Name).remove()));
  const views = join(home, "mounts");
  for (const point of await mountPoints()) if (point.startsWith(`${views}/`)) unmount(point);
  rmSync(views, { recursive: true, force: true });
}
