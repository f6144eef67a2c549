import { rmSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { mountPoints, unmount } from "../../daemon/workspaces/mounts.ts";

/** Removes what an instance has in the engine and its home in the kernel, whatever its store says. */
export async function sweep(
  { home, instance }: { home: string; instance: string },
  docker: Docker,
): Promise<void> {
  const filters = { label: [`nexora.instance=${instance}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
  const { Volumes } = await docker.listVolumes({ filters });
  await Promise.all((Volumes ?? []).map(({ Name }) => docker.getVolume(Name).remove()));
  const views = join(home, "mounts");
  for (const point of await mountPoints()) if (point.startsWith(`${views}/`)) unmount(point);
  rmSync(views, { recursive: true, force: true });
}
