import { Readable } from "node:stream";
import type Docker from "dockerode";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { BuildEvent, Image } from "../../../../src/contract/image.ts";
import { ensureBaseImage } from "./base-image.ts";
import type { BuildContext } from "./context.ts";
import { buildFailed, failureOf, imageError } from "./failure.ts";
import { Inactivity } from "./inactivity.ts";
import { findImage } from "./inventory.ts";
import { imageLabel, imageTargets, referenceOf } from "./names.ts";
import { messages } from "./ndjson.ts";
import { BuildProgress, type HistoryEntry, layerEvents } from "./progress.ts";

const defaultBaseImage = "debian:trixie-slim";
/** A build that prints nothing for this long is given up, in milliseconds. */
const silenceMs = 10 * 60_000;

export interface BuildOptions {
  target: Image["target"] & string;
  noCache: boolean;
  baseImage?: string | undefined;
  mirror?: string | undefined;
}

/** Builds a target and tags it; yields its progress, and at last `done` or `error`. */
export async function* buildImage(
  docker: Docker,
  context: BuildContext,
  options: BuildOptions,
  signal?: AbortSignal,
): AsyncGenerator<BuildEvent> {
  const started = performance.now();
  const doing = `build the image's target ${options.target}`;
  try {
    signal?.throwIfAborted();
    if (!imageTargets.includes(options.target)) {
      throw new NexoraError("usage", `there is no target ${options.target} of the image`, {
        hint: `targets: ${imageTargets.join(", ")}`,
      });
    }
    const reference = referenceOf(options.target);
    const baseImage = options.baseImage ?? defaultBaseImage;
    yield* ensureBaseImage(docker, { reference: baseImage, mirror: options.mirror }, signal);
    const before = await findImage(docker, context, reference, signal);
    yield* runBuild(docker, context, { ...options, baseImage, reference, doing }, signal);
    const image = await findImage(docker, context, reference, signal);
    if (image === null) throw new NexoraError("engine_failed", `${reference} was not made`);
    yield* layerEvents((await docker.getImage(image.id).history()) as HistoryEntry[]);
    if (before !== null && before.id !== image.id) await discard(docker, before.id);
    yield { type: "done", image, durationMs: Math.round(performance.now() - started) };
  } catch (thrown) {
    throw imageError(thrown, doing, signal);
  }
}

async function* runBuild(
  docker: Docker,
  context: BuildContext,
  options: BuildOptions & { baseImage: string; reference: string; doing: string },
  signal?: AbortSignal,
): AsyncGenerator<BuildEvent> {
  const { target, reference, baseImage, mirror, doing } = options;
  using silence = new Inactivity(silenceMs, signal);
  const progress = new BuildProgress();
  const tar = context.tar();
  const stream = await docker.buildImage(tar instanceof Readable ? tar : fromWeb(tar), {
    t: reference,
    target,
    nocache: options.noCache,
    rm: true,
    forcerm: true,
    buildargs: {
      BASE_IMAGE: baseImage,
      ...(mirror === undefined ? {} : { DEBIAN_MIRROR: mirror }),
    },
    labels: { [imageLabel.target]: target, [imageLabel.context]: context.hash },
    abortSignal: silence.signal,
  });
  try {
    for await (const message of messages(stream)) {
      silence.touch();
      const failure = failureOf(message);
      if (failure !== undefined) throw buildFailed(doing, failure, progress.tail);
      if (typeof message.stream === "string") yield* progress.push(message.stream);
    }
    yield* progress.end();
  } catch (error) {
    if (!silence.passed) throw error;
    throw new NexoraError("timeout", `cannot ${doing}: it printed nothing for 10 minutes`, {
      hint: "the last lines are in the details; run it again, what is built already is kept",
      details: { log: progress.tail },
    });
  } finally {
    // Ends the build in the engine too, when the reader has gone away.
    (stream as Readable).destroy();
  }
}

/** Removes the image that lost its name to the new one; one that is used or tagged stays. */
async function discard(docker: Docker, id: string): Promise<void> {
  const image = docker.getImage(id);
  const { RepoTags } = await image.inspect().catch(() => ({ RepoTags: ["unknown"] }));
  if (RepoTags.length === 0) await image.remove().catch(() => {});
}

function fromWeb(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}
