import { statfs } from "node:fs/promises";
import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import type { Engine } from "./engine.ts";
import { label, ownedBy } from "./labels.ts";
import { readLines } from "./output.ts";

const MiB = 1024 * 1024;
const deadlineMs = 60_000;
/** How long the engine may take to remove a container that has ended. */
const goneMs = 10_000;

/** A folder that a session may fill, and where it lies on the engine's host. */
interface Folder {
  session: string;
  path: string;
}

/**
 * Bytes on the disk that each session holds: its volumes, and a root that it may write to. They are counted by `du` in a container
 * of its own, because neither the daemon's user may look there, nor can a count from within the
 * workstation be trusted: who fills it can hide folders and stop the runner.
 */
export async function measureHomes(
  engine: Engine,
  image: string,
  signal?: AbortSignal,
): Promise<Map<string, number>> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const abortSignal = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const found = [volumesOfAll(engine, abortSignal), rootsOfAll(engine, abortSignal)];
  const folders = (await Promise.all(found)).flat();
  const sizes = new Map<string, number>();
  if (folders.length === 0) return sizes;
  for await (const line of linesOf(engine.docker, counter(engine, image, folders), abortSignal)) {
    const [, bytes, at] = /^(\d+)\t\/homes\/(\d+)$/.exec(line) ?? [];
    const session = folders[Number(at)]?.session;
    if (session) sizes.set(session, (sizes.get(session) ?? 0) + Number(bytes));
  }
  return sizes;
}

/**
 * Removes counters that never came to run: their daemon died, or its connection broke. To be called
 * while nobody counts; `counting` is asked again once they are known.
 */
export async function removeCounters(
  { docker, instance }: Engine,
  counting: () => boolean,
  abortSignal?: AbortSignal,
): Promise<void> {
  const filters = { ...ownedBy(instance), status: ["created"] };
  const query = { all: true, filters, ...(abortSignal ? { abortSignal } : {}) };
  const created = await docker.listContainers(query);
  if (counting()) return;
  const left = created.filter(({ Labels }) => Labels[label.session] === undefined);
  // One that was counted with meanwhile has gone by itself.
  await Promise.allSettled(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
}

/** The disk that the engine's volumes are on. */
export class EngineDisk {
  private root: string | undefined;

  constructor(private readonly docker: Docker) {}

  /** Bytes used on it; null when it is not on this host. */
  async use(): Promise<number | null> {
    try {
      this.root ??= ((await this.docker.info()) as { DockerRootDir: string }).DockerRootDir;
      const { blocks, bfree, bsize } = await statfs(this.root);
      return (blocks - bfree) * bsize;
    } catch {
      return null;
    }
  }
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

/** May read every file and nothing else; goes by itself when it ends, also without the daemon. */
function counter(engine: Engine, image: string, folders: Folder[]): Docker.ContainerCreateOptions {
  const targets = folders.map((_, at) => `/homes/${at}`);
  return {
    Image: image,
    Labels: { [label.instance]: engine.instance },
    User: "0:0",
    WorkingDir: "/",
    Entrypoint: ["du", "--summarize", "--one-file-system", "--block-size=1", "--"],
    Cmd: targets,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: ["DAC_READ_SEARCH"],
      SecurityOpt: ["no-new-privileges:true", `seccomp=${engine.seccomp}`],
      PidsLimit: 16,
      Memory: 256 * MiB,
      NanoCpus: 0.5e9,
      LogConfig: { Type: "none", Config: {} },
      // Not as volumes: those of a session that is removed meanwhile would be "in use".
      Mounts: folders.map(({ path }, at) => ({
        Type: "bind",
        Source: path,
        Target: targets[at] ?? "",
        ReadOnly: true,
      })),
    },
  };
}

/** What a container writes until it ends; it is killed when who reads stops or gives up. */
async function* linesOf(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  abortSignal: AbortSignal,
): AsyncGenerator<string> {
  const { HostConfig, ...rest } = options;
  const request = { _query: {}, _body: { ...rest, HostConfig }, abortSignal };
  const container = await docker.createContainer(request as Docker.ContainerCreateOptions);
  let stream: Duplex | undefined;
  const stop = () => stream?.destroy();
  abortSignal.addEventListener("abort", stop, { once: true });
  try {
    const streams = { stream: true, stdout: true, stderr: false };
    stream = (await container.attach({ ...streams, abortSignal })) as Duplex;
    await container.start({ abortSignal });
    yield* readLines(stream);
    abortSignal.throwIfAborted();
  } finally {
    abortSignal.removeEventListener("abort", stop);
    stream?.destroy();
    // It goes by itself when it ends: both may find it gone already.
    await container.remove({ force: true }).catch(() => {});
    const gone = { condition: "removed", abortSignal: AbortSignal.timeout(goneMs) } as const;
    await container.wait(gone).catch(() => {});
  }
}
