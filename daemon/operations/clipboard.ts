import type { clipboardOperations } from "../../src/contract/clipboard.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Clipboard } from "../desktop/clipboard.ts";
import type { HandlersOf } from "./handler.ts";

export function clipboardHandlers(clipboard: Clipboard): HandlersOf<typeof clipboardOperations> {
  return {
    "clip.get": {
      async reply({ selection, picture: wanted }, { session, signal }) {
        const { id } = session.row;
        const types = await clipboard.types(id, selection, signal);
        if (!wanted) {
          return { types, text: await clipboard.text(id, selection, types, signal), picture: null };
        }
        const png = await clipboard.picture(id, selection, types, signal);
        const picture = png && {
          type: "image/png",
          bytes: png.length,
          base64: png.toString("base64"),
        };
        return { types, text: null, picture };
      },
    },
    "clip.set": {
      async reply({ text, picture, selection }, { session, signal }) {
        if ((text === undefined) === (picture === undefined)) {
          throw new NexoraError("usage", "give either a text or a picture");
        }
        const content =
          picture === undefined
            ? { text: text ?? "" }
            : { picture: Buffer.from(picture, "base64") };
        return { bytes: await clipboard.set(session.row.id, selection, content, signal) };
      },
    },
  };
}
