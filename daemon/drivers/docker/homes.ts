import { statfs } from "node:fs/promises";
import { NexoraError } from "../../../src/contract/errors.ts";
import { messageOf } from "../../../src/thrown.ts";
import type { Homes, ImageStore } from "../driver.ts";
import { doing } from "./calls.ts";
import { countBytes, removeCounters } from "./counter.ts";
import type { Engine } from "./engine.ts";
import { label, ownedBy } from "./labels.ts";

const deadlineMs = 60_000;

/** A folder that a session may fill, and where it lies on the engine's host. */
interface Folder {
  session: string;
  path: string;
}

/** What sessions hold on the engine's disk. */
export class DockerHomes implements Homes {
  private readonly ending = new AbortController();
  private readonly counts = new Set<Promise<unknown>>();
  private root: string | undefined;

  constructor(private readonly parts: Engine & { images: ImageStore }) {}

  /**
   * Bytes on the disk that each session holds: its volumes, and a root that it may write to. They
   * are counted by `du` in a container of its own, because neither the daemon's user may look
   * there, nor can a count from within the workstation be trusted: who fills it can hide folders
   * and stop the runner.
   */
  async sizes(signal?: AbortSignal): Promise<Map<string, number>> {
    const image = await this.parts.images.resolve(undefined, signal);
    const signals = [
      AbortSignal.timeout(deadlineMs),
      this.ending.signal,
      ...(signal ? [signal] : []),
    ];
    const counted = measure(this.parts, image.id, AbortSignal.any(signals));
    const ended = counted.catch(() => {});
    this.counts.add(ended);
    try {
      return await doing("measure homes", counted, signal);
    } finally {
      // A caller may go earlier: the counter is there until it has ended.
      void ended.then(() => this.counts.delete(ended));
    }
  }

  /** Bytes used on the disk that the engine's volumes are on; null when it is not on this host. */
  async diskUse(): Promise<number | null> {
    try {
      this.root ??= ((await this.parts.docker.info()) as { DockerRootDir: string }).DockerRootDir;
      const { blocks, bfree, bsize } = await statfs(this.root);
      return (blocks - bfree) * bsize;
    } catch {
      return null;
    }
  }

  /** Removes counters that never came to run: their daemon died, or its connection broke. */
  removeCounters(signal?: AbortSignal): Promise<void> {
    return removeCounters(this.parts, () => this.counts.size > 0, signal);
  }

  /** Ends the counts that go on. */
  async close(): Promise<void> {
    this.ending.abort(new NexoraError("interrupted", "the daemon is stopping"));
    await Promise.all(this.counts);
  }
}

async function measure(
  engine: Engine,
  image: string,
  abortSignal: AbortSignal,
): Promise<Map<string, number>> {
  const found = [volumesOfAll(engine, abortSignal), rootsOfAll(engine, abortSignal)];
  return await count(engine, image, (await Promise.all(found)).flat(), abortSignal);
}

/** Counts the folders that are there: those of a session that is removed meanwhile are left out. */
async function count(
  engine: Engine,
  image: string,
  folders: readonly Folder[],
  abortSignal: AbortSignal,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  if (folders.length === 0) return sizes;
  const paths = folders.map(({ path }) => path);
  try {
    const counts = await countBytes(engine, image, paths, abortSignal);
    for (const [at, bytes] of counts.entries()) {
      const session = folders[at]?.session;
      if (session && bytes !== null) sizes.set(session, (sizes.get(session) ?? 0) + bytes);
    }
    return sizes;
  } catch (error) {
    const left = folders.filter(({ path }) => !isGone(error, path));
    if (left.length === folders.length) throw error;
    return await count(engine, image, left, abortSignal);
  }
}

/** Whether it is for this folder that the engine could not make or start a container. */
function isGone(error: unknown, path: string): boolean {
  const message = messageOf(error);
  return /does not exist|no such file/i.test(message) && message.includes(path);
}

async function volumesOfAll(engine: Engine, abortSignal: AbortSignal): Promise<Folder[]> {
  const filters = ownedBy(engine.instance);
  const { Volumes } = await engine.docker.listVolumes({ filters, abortSignal });
  return (Volumes ?? []).flatMap(({ Labels, Mountpoint }) => {
    const session = Labels?.[label.session];
    return session ? [{ session, path: Mountpoint }] : [];
  });
}

/** What the dev profile's containers have written to their root (overlay2's upper folder). */
async function rootsOfAll(engine: Engine, abortSignal: AbortSignal): Promise<Folder[]> {
  const { docker, instance } = engine;
  const filters = { label: [...ownedBy(instance).label, `${label.profile}=dev`] };
  const containers = await docker.listContainers({ all: true, filters, abortSignal });
  const roots = containers.map(async ({ Id, Labels }) => {
    const { GraphDriver } = await docker.getContainer(Id).inspect({ abortSignal });
    const path = (GraphDriver.Data as Record<string, string> | null)?.UpperDir;
    const session = Labels[label.session];
    return path && session ? [{ session, path }] : [];
  });
  return (await Promise.all(roots)).flat();
}
