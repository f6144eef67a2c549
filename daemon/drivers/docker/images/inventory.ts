import type Docker from "dockerode";
import type { Image } from "../../../../src/contract/image.ts";
import { statusOf } from "../errors.ts";
import type { BuildContext } from "./context.ts";
import { imageLabel, isReference, targetOf } from "./names.ts";

/** The images that carry our label, newest first; one entry for each of their names. */
export async function listImages(
  docker: Docker,
  context: BuildContext,
  signal?: AbortSignal,
): Promise<Image[]> {
  const found = await docker.listImages({
    filters: JSON.stringify({ label: [imageLabel.target] }),
    ...(signal ? { abortSignal: signal } : {}),
  });
  return found
    .toSorted((a, b) => b.Created - a.Created)
    .flatMap((info) =>
      names(info.RepoTags, info.Id).map((reference) => ({
        id: info.Id,
        reference,
        target: targetOf(info.Labels),
        sizeBytes: info.Size,
        createdAt: new Date(info.Created * 1000).toISOString(),
        current: info.Labels?.[imageLabel.context] === context.hash,
      })),
    );
}

/** One image of ours by a name or an id; null when it is absent or not ours. */
export async function findImage(
  docker: Docker,
  context: BuildContext,
  reference: string,
  signal?: AbortSignal,
): Promise<Image | null> {
  if (!isReference(reference)) return null;
  try {
    const info = await docker.getImage(reference).inspect();
    signal?.throwIfAborted();
    const labels = info.Config.Labels;
    if (targetOf(labels) === null) return null;
    return {
      id: info.Id,
      reference: info.RepoTags.includes(reference) ? reference : (info.RepoTags[0] ?? info.Id),
      target: targetOf(labels),
      sizeBytes: info.Size,
      createdAt: new Date(info.Created).toISOString(),
      current: labels?.[imageLabel.context] === context.hash,
    };
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 400) return null;
    throw error;
  }
}

/** An image that lost its name to a newer build goes by its id. */
function names(tags: readonly string[] | null | undefined, id: string): string[] {
  const real = (tags ?? []).filter((tag) => tag !== "<none>:<none>");
  return real.length > 0 ? real : [id];
}
