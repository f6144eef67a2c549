import type Docker from "dockerode";
import { NexoraError } from "../../../../src/contract/errors.ts";
import { messageOf } from "../../../../src/thrown.ts";
import { statusOf } from "../errors.ts";
import type { BuildContext } from "./context.ts";
import { findImage } from "./inventory.ts";
import { imageTargets, referenceOf } from "./names.ts";

/**
 * Removes one of our images, named by its reference, target or id. Returns the names that are
 * gone. Throws `not_found` for an image that is not ours, `conflict` while a container uses it.
 */
export async function removeImage(
  docker: Docker,
  context: BuildContext,
  name: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const target = imageTargets.find((it) => it === name);
  const reference = target ? referenceOf(target) : name;
  const image = await findImage(docker, context, reference, signal);
  if (image === null) throw notFound(name);
  const users = await docker.listContainers({
    all: true,
    filters: JSON.stringify({ ancestor: [image.id] }),
    ...(signal ? { abortSignal: signal } : {}),
  });
  if (users.length > 0) {
    const containers = users.map((it) => it.Names[0]?.replace(/^\//, "") ?? it.Id.slice(0, 12));
    throw new NexoraError("conflict", `${image.reference} is used by ${containers.join(", ")}`, {
      hint: "end those sessions first: `nexora session ls`, `nexora session rm NAME`",
      details: { containers },
    });
  }
  try {
    // By id when it was asked for by id: the engine then refuses if it has other names.
    await docker.getImage(image.reference === reference ? reference : image.id).remove();
  } catch (error) {
    if (statusOf(error) === 404) throw notFound(name);
    if (statusOf(error) !== 409) throw error;
    throw new NexoraError("conflict", `${image.reference} is in use: ${messageOf(error)}`, {
      hint: "end what uses it, then try again",
      cause: error,
    });
  }
  return [image.reference];
}

function notFound(name: string): NexoraError {
  return new NexoraError("not_found", `there is no workstation image ${name}`, {
    hint: "`nexora image ls` lists them; images that Nexora has not built are left alone",
  });
}
