import { basename } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { RunItem } from "../../src/contract/chrome-scripts.ts";
import type { RunnerFiles } from "../runner/files.ts";

/** Of one picture and of all of a script's, in bytes. */
const maxPicture = 16 * 1024 * 1024;
const maxPictures = 64 * 1024 * 1024;

/** Files that are looked at. */
const maxFiles = 200;

/** A name that is no path and hides nothing. */
const plainName = /^[\w][\w .()+@-]{0,99}$/;

/** The pictures that a script has left in a folder of the workstation; the rest is told on stderr. */
export async function* picturesIn(
  files: Pick<RunnerFiles, "stat" | "pack">,
  session: string,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<RunItem> {
  if ((await files.stat(session, folder, signal)).type !== "directory") return;
  const archive = extract();
  const source = Readable.fromWeb((await files.pack(session, folder, signal)) as never);
  // A broken stream breaks the reading of it.
  source.once("error", (error) => archive.destroy(error));
  source.pipe(archive);
  let left = maxPictures;
  let unnamed = 0;
  let seen = 0;
  for await (const entry of archive) {
    if (++seen > maxFiles) {
      yield { type: "stderr", text: `(only the first ${maxFiles} pictures are kept)\n` };
      source.destroy();
      return;
    }
    const { type, name: path, size = 0 } = entry.header;
    if (type !== "file" || size > maxPicture || size > left) {
      entry.resume();
      if (type === "file") yield { type: "stderr", text: "(a picture is too large to be kept)\n" };
      continue;
    }
    left -= size;
    const bytes = await buffer(entry);
    const given = basename(path);
    const name = plainName.test(given) ? given : `picture-without-name-${++unnamed}.png`;
    const base64 = bytes.toString("base64");
    yield { type: "picture", name, sizeBytes: bytes.length, base64 };
  }
}
