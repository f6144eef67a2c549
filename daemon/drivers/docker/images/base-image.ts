import type Docker from "dockerode";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { BuildEvent } from "../../../../src/contract/image.ts";
import { messageOf } from "../../../../src/thrown.ts";
import { statusOf } from "../errors.ts";
import { bootstrap, suiteOf } from "./bootstrap.ts";
import { failureOf } from "./failure.ts";
import { Inactivity } from "./inactivity.ts";
import { isReference } from "./names.ts";
import { messages } from "./ndjson.ts";

/** A registry that says nothing for this long counts as unreachable, in milliseconds. */
const registryPatienceMs = 20_000;

/**
 * Makes sure that the image to start from is there: the engine's own, else the registry's, else,
 * for an image of Debian's, one made from the Debian mirror.
 * Throws `usage` for what is no reference, `engine_failed` when there is no way to it.
 */
export async function* ensureBaseImage(
  docker: Docker,
  options: { reference: string; mirror?: string | undefined },
  signal?: AbortSignal,
): AsyncGenerator<BuildEvent> {
  const { reference } = options;
  if (!isReference(reference)) {
    throw new NexoraError("usage", `${JSON.stringify(reference)} is not a reference of an image`, {
      hint: "write it as NAME:TAG, for example debian:trixie-slim",
    });
  }
  if (await hasImage(docker, reference)) return;
  signal?.throwIfAborted();
  yield { type: "log", text: `pulling ${reference}` };
  const refused = yield* pull(docker, reference, signal);
  if (refused === null) return;
  yield { type: "log", text: `cannot pull ${reference}: ${refused}` };
  const suite = suiteOf(reference);
  if (suite === null) {
    throw new NexoraError(
      "engine_failed",
      `the image ${reference} is neither in the engine nor can it be pulled: ${refused}`,
      { hint: "check the reference given with --base-image, or load it with `docker load`" },
    );
  }
  yield* bootstrap(docker, { ...options, suite }, signal);
}

async function hasImage(docker: Docker, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect();
    return true;
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 400) return false;
    throw error;
  }
}

/** Pulls an image; returns null, or the reason why that is not possible. */
async function* pull(
  docker: Docker,
  reference: string,
  signal?: AbortSignal,
): AsyncGenerator<BuildEvent, string | null> {
  using patience = new Inactivity(registryPatienceMs, signal);
  try {
    const stream = await docker.pull(reference, { abortSignal: patience.signal });
    for await (const message of messages(stream)) {
      patience.touch();
      const failure = failureOf(message);
      if (failure !== undefined) return failure;
      // A line of progress per layer and tick would drown the rest.
      if (typeof message.status === "string" && message.progress === undefined) {
        yield { type: "log", text: message.status };
      }
    }
    return null;
  } catch (error) {
    signal?.throwIfAborted();
    if (patience.passed) return `no answer within ${registryPatienceMs / 1000} s`;
    if (statusOf(error) === undefined) throw error;
    return messageOf(error)
      .replace(/^\(HTTP code \d+\)[^-]* - /, "")
      .trim();
  }
}
