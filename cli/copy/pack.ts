import { createReadStream, type Stats } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { type Pack, pack } from "tar-stream";

export interface PackOptions {
  /** File or folder to pack. */
  path: string;
  /** Its name in the archive; null: a folder's content stands at the top. */
  name: string | null;
  /** Told of what is left out: sockets, devices, pipes. */
  skipped: (path: string) => void;
}

/** A file or a folder with all in it as a tar stream; symbolic links stay links. */
export function packTree(options: PackOptions): AsyncIterable<Uint8Array> {
  const archive = pack();
  const top = async () => {
    if (options.name !== null) await add(archive, options.path, options.name, options.skipped);
    else await addContent(archive, options.path, "", options.skipped);
    archive.finalize();
  };
  top().catch((error: Error) => archive.destroy(error));
  return archive as unknown as AsyncIterable<Uint8Array>;
}

async function add(
  archive: Pack,
  path: string,
  name: string,
  skipped: PackOptions["skipped"],
): Promise<void> {
  const stats = await lstat(path);
  const header = { name, mode: stats.mode & 0o777, mtime: stats.mtime };
  if (stats.isDirectory()) {
    archive.entry({ ...header, type: "directory" });
    await addContent(archive, path, `${name}/`, skipped);
  } else if (stats.isSymbolicLink()) {
    archive.entry({ ...header, type: "symlink", linkname: await readlink(path) });
  } else if (stats.isFile()) {
    await addFile(archive, path, header, stats);
  } else {
    skipped(path);
  }
}

async function addContent(
  archive: Pack,
  path: string,
  prefix: string,
  skipped: PackOptions["skipped"],
): Promise<void> {
  for (const name of (await readdir(path)).sort()) {
    await add(archive, join(path, name), prefix + name, skipped);
  }
}

async function addFile(
  archive: Pack,
  path: string,
  header: { name: string; mode: number; mtime: Date },
  stats: Stats,
): Promise<void> {
  if (stats.size === 0) return void archive.entry({ ...header, size: 0 }, "");
  await new Promise<void>((resolve, reject) => {
    const entry = archive.entry({ ...header, size: stats.size }, (error) =>
      error ? reject(error) : resolve(),
    );
    // A file that grows meanwhile is cut where it ended, or the archive would be broken.
    const source = createReadStream(path, { end: stats.size - 1 });
    source.on("error", reject);
    source.pipe(entry);
  });
}

/** What comes, as a stream that takes the next only when it is read. */
export function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
