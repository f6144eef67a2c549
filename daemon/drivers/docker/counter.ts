import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import type { Engine } from "./engine.ts";
import { label, ownedBy } from "./labels.ts";
import { readLines } from "./output.ts";

const MiB = 1024 * 1024;
/** How long the engine may take to make a container. */
const createMs = 30_000;
/** How long it may take to remove one that has ended. */
const goneMs = 10_000;

/** Bytes below each of these folders of the engine's host, in their order; null: `du` could not tell. */
export async function countBytes(
  engine: Engine,
  image: string,
  paths: string[],
  abortSignal: AbortSignal,
): Promise<(number | null)[]> {
  const counts: (number | null)[] = paths.map(() => null);
  for await (const line of linesOf(engine.docker, counter(engine, image, paths), abortSignal)) {
    const [, bytes, at] = /^(\d+)\t\/homes\/(\d+)$/.exec(line) ?? [];
    if (at !== undefined) counts[Number(at)] = Number(bytes);
  }
  return counts;
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

/** May read every file and nothing else; goes by itself when it ends, also without the daemon. */
function counter(engine: Engine, image: string, paths: string[]): Docker.ContainerCreateOptions {
  const targets = paths.map((_, at) => `/homes/${at}`);
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
      Mounts: paths.map((path, at) => ({
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
  // To its end: an engine that is left alone would make it all the same, and nobody remove it.
  const made = AbortSignal.timeout(createMs);
  const request = { _query: {}, _body: { ...rest, HostConfig }, abortSignal: made };
  const container = await docker.createContainer(request as Docker.ContainerCreateOptions);
  let stream: Duplex | undefined;
  const stop = () => stream?.destroy();
  abortSignal.addEventListener("abort", stop, { once: true });
  try {
    abortSignal.throwIfAborted();
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
