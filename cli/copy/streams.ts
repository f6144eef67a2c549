import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { archiveOf, sendArchive } from "../../src/client/streams.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import { usageError } from "../usage.ts";
import { openLocalFolder } from "./local.ts";
import { placementOf } from "./location.ts";
import { packTree, streamOf } from "./pack.ts";
import { kindAt, kindToCopy, type Remote } from "./remote.ts";

/** Links that are followed one after the other, as the kernel does (path_resolution(7)). */
const maxLinks = 40;

/**
 * Writes a stream into a workstation; the path there. Its bytes become the file of that name; into
 * a folder it is unpacked, as a tar archive.
 */
export async function uploadStream(
  source: ReadableStream<Uint8Array>,
  to: Remote,
): Promise<string> {
  const { client, session, path, signal } = to;
  const there = await kindAt(to);
  if (there === "directory") {
    try {
      return (await sendArchive(client, { session, path }, () => source, signal)).path;
    } catch (thrown) {
      const error = asNexoraError(thrown);
      if (error.code !== "action_failed") throw error;
      throw new NexoraError(error.code, error.message, {
        hint: `${path} is a folder, so standard input must be a tar archive; to write a file there, name it: ${session}:${path.replace(/\/$/, "")}/NAME`,
        cause: error,
      });
    }
  }
  const { folder, name } = placementOf({ path: "-", kind: "file" }, { path, kind: there });
  // An archive states the length of a file before its bytes, and that of a stream is not known.
  const held = await mkdtemp(join(tmpdir(), "nexora-cp-"));
  try {
    const file = join(held, "stdin");
    await pipeline(Readable.from(source), createWriteStream(file, { mode: 0o644 }), { signal });
    using inside = openLocalFolder(held, new Set());
    const packed = { folder: inside, entry: "stdin", name, skipped: () => {} };
    const archive = () => streamOf(packTree(packed));
    await sendArchive(client, { session, path: folder }, archive, signal);
  } finally {
    await rm(held, { recursive: true, force: true });
  }
  return `${folder}/${name}`;
}

/** The bytes of a file in a workstation; of a folder, those of a tar archive with all in it. */
export async function* downloadStream(
  from: Remote,
  toTerminal: boolean,
): AsyncGenerator<Uint8Array> {
  const { client, session, path, signal } = from;
  if ((await kindToCopy(from)) === "file") return yield* fileAt(from, maxLinks);
  if (toTerminal) {
    throw usageError(
      `${path} is a folder: to standard output goes a tar archive, which is nothing for a terminal`,
      `for example: nexora cp ${session === "@" ? "" : session}:${path} - | tar t`,
    );
  }
  yield* await archiveOf(client, { session, path }, signal);
}

async function* fileAt(from: Remote, linksLeft: number): AsyncGenerator<Uint8Array> {
  const { client, session, path, signal } = from;
  const source = await archiveOf(client, { session, path }, signal);
  const archive = extract();
  const feed = pipeline(Readable.from(source), archive);
  // Reported by the loop below, which it ends.
  feed.catch(() => {});
  for await (const entry of archive) {
    const { type, linkname } = entry.header;
    if (type === "symlink" && linkname && linksLeft > 0) {
      archive.destroy();
      const next = posix.isAbsolute(linkname) ? linkname : `${dirname(path)}/${linkname}`;
      return yield* fileAt({ ...from, path: next }, linksLeft - 1);
    }
    if (type !== "file" && type !== "contiguous-file") {
      throw new NexoraError("action_failed", `${path} came as a ${type}, not as a file`);
    }
    yield* entry as unknown as AsyncIterable<Uint8Array>;
  }
  await feed;
}
