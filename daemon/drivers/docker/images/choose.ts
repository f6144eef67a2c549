import { NexoraError } from "../../../../src/contract/errors.ts";
import type { Image } from "../../../../src/contract/image.ts";
import { type ImageTarget, referenceOf } from "./names.ts";

/**
 * The image of a session: the one that is named (by reference, id or target), else full, else
 * base. Images that somebody derived from ours are only taken by name. Throws `image_missing`.
 */
export function chooseImage(images: readonly Image[], wanted: string | undefined): Image {
  const named = (reference: string) => images.find((image) => image.reference === reference);
  const image =
    wanted === undefined
      ? (named(referenceOf("full")) ?? named(referenceOf("base")))
      : (named(wanted) ??
        named(referenceOf(wanted as ImageTarget)) ??
        images.find(({ id }) => id === wanted || id === `sha256:${wanted}`));
  if (image) return image;
  throw new NexoraError(
    "image_missing",
    wanted === undefined ? "there is no workstation image" : `there is no image ${wanted}`,
    { hint: "run `nexora image build`; `nexora image ls` lists what there is" },
  );
}
