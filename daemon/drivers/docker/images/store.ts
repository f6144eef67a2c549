import type Docker from "dockerode";
import type { ImageStore } from "../../driver.ts";
import { buildImage } from "./build.ts";
import { chooseImage } from "./choose.ts";
import type { BuildContext } from "./context.ts";
import { imageError } from "./failure.ts";
import { findImage, listImages } from "./inventory.ts";
import { referenceOf } from "./names.ts";
import { removeImage } from "./remove.ts";

/** The workstation images of one engine, built from one context. */
export function createImageStore(parts: { docker: Docker; context: BuildContext }): ImageStore {
  const { docker, context } = parts;
  const store: ImageStore = {
    build: (options, signal) => buildImage(docker, context, options, signal),
    async list(signal) {
      try {
        return await listImages(docker, context, signal);
      } catch (thrown) {
        throw imageError(thrown, "list its images", signal);
      }
    },
    async find(reference, signal) {
      try {
        return await findImage(docker, context, reference, signal);
      } catch (thrown) {
        throw imageError(thrown, `look for the image ${reference}`, signal);
      }
    },
    async remove(reference, signal) {
      try {
        return await removeImage(docker, context, reference, signal);
      } catch (thrown) {
        throw imageError(thrown, `remove the image ${reference}`, signal);
      }
    },
    async resolve(reference, signal) {
      // One question instead of a list of all, in the usual case.
      const usual = await store.find(reference ?? referenceOf("full"), signal);
      return usual ?? chooseImage(await store.list(signal), reference);
    },
  };
  return store;
}
