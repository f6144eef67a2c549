import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
} from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf } from "../../src/thrown.ts";
import { fileError } from "../file-error.ts";
import type { Folder } from "./folder.ts";

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

export interface PackOptions {
  folder: Folder;
  /** What of the folder to pack, file or folder; null: the folder itself. */
  entry: string | null;
  /** Its name in the archive; null: the folder's content stands at the top. */
  name: string | null;
  /** Told of what is left out: sockets, devices, pipes. */
  skipped: (path: string) => void;
}

/**
 * A file or a folder with all in it as a tar stream; symbolic links stay links. What is swapped for
 * a link while it is read is not read through it.
 */
export function packTree({ folder, entry, name, skipped }: PackOptions): AsyncIterable<Uint8Array> {
  const packer = new Packer(pack(), skipped);
  const top = async () => {
    if (entry !== null) await packer.add(folder, entry, name ?? entry);
    else if (name !== null) await packer.addFolder(folder, name);
    else await packer.addContent(folder, "");
    packer.archive.finalize();
  };
  top().catch((error: Error) => packer.archive.destroy(error));
  return packer.archive as unknown as AsyncIterable<Uint8Array>;
}

class Packer {
  constructor(
    readonly archive: Pack,
    private readonly skipped: PackOptions["skipped"],
  ) {}

  async addFolder(folder: Folder, name: string): Promise<void> {
    this.archive.entry({ ...headerOf(name, folder.stat()), type: "directory" });
    await this.addContent(folder, `${name}/`);
  }

  async addContent(folder: Folder, prefix: string): Promise<void> {
    const names = reading(folder.path, () => readdirSync(folder.at(".")).sort());
    for (const name of names) await this.add(folder, name, prefix + name);
  }

  async add(folder: Folder, entry: string, name: string): Promise<void> {
    const path = folder.named(entry);
    const stats = reading(path, () => lstatSync(folder.at(entry)));
    if (stats.isDirectory()) {
      using inner = reading(path, () => folder.enter(entry));
      await this.addFolder(inner, name);
    } else if (stats.isSymbolicLink()) {
      const linkname = folder.linkAt(entry);
      if (linkname === null) throw swapped(path);
      this.archive.entry({ ...headerOf(name, stats), type: "symlink", linkname });
    } else if (stats.isFile()) {
      // A pipe in its place would be waited for.
      const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
      await this.addFile(
        reading(path, () => openSync(folder.at(entry), flags)),
        path,
        name,
      );
    } else {
      this.skipped(path);
    }
  }

  private async addFile(descriptor: number, path: string, name: string): Promise<void> {
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) throw swapped(path);
      const { size } = stats;
      const header = { ...headerOf(name, stats), size };
      if (size === 0) return void this.archive.entry(header, "");
      await pipeline(
        bytesOf(descriptor, size, path),
        this.archive.entry(header, () => {}),
      );
    } finally {
      closeSync(descriptor);
    }
  }
}

/** As many bytes as the archive has said: of a file that grows meanwhile no more; one that shrinks is an error. */
async function* bytesOf(fd: number, size: number, path: string): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const chunk of createReadStream("", {
    fd,
    autoClose: false,
    start: 0,
    end: size - 1,
  })) {
    left -= chunk.length;
    yield chunk;
  }
  if (left > 0) throw swapped(path);
}

function headerOf(name: string, { mode, mtime }: { mode: number; mtime: Date }) {
  return { name, mode: mode & 0o777, mtime };
}

function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = codeOf(error);
    throw code === "ELOOP" || code === "ENOTDIR" || code === "ENXIO"
      ? swapped(path)
      : fileError("read", path, error);
  }
}

function swapped(path: string): NexoraError {
  return new NexoraError("action_failed", `${path} was changed while it was copied`, {
    hint: "a program is at work there: stop it, or try again",
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
