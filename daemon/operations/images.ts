import type { imageOperations } from "../../src/contract/image.ts";
import type { ImageStore } from "../drivers/driver.ts";
import type { HandlersOf } from "./handler.ts";

export function imageHandlers(images: ImageStore): HandlersOf<typeof imageOperations> {
  return {
    "image.build": { stream: (input, { signal }) => images.build(input, signal) },
    "image.ls": { reply: async (_, { signal }) => ({ images: await images.list(signal) }) },
    "image.rm": {
      reply: async ({ image }, { signal }) => ({ removed: await images.remove(image, signal) }),
    },
  };
}
