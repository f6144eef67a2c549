import { closeSync, constants, fstatSync, openSync, readlinkSync } from "node:fs";
import { codeOf } from "../../src/thrown.ts";

const { O_DIRECTORY, O_NOFOLLOW } = constants;
/** open(2); Node has no name for it. */
const O_PATH = 0o10000000;

/**
 * A folder by its descriptor, as openat(2) has it: whoever renames folders or puts links in their
 * place meanwhile changes nothing about where its names are looked for.
 */
export class Folder implements Disposable {
  private open = true;

  private constructor(
    private readonly descriptor: number,
    /** What people call it; nothing is opened by it. */
    readonly path: string,
  ) {}

  static root(): Folder {
    return new Folder(openSync("/", O_PATH | O_DIRECTORY), "/");
  }

  /** For calls that take a path: a name in this very folder. They must not follow a link there. */
  at(name: string): string {
    // Its number may be another's by now.
    if (!this.open) throw new Error(`${this.path} is closed`);
    return `/proc/self/fd/${this.descriptor}/${name}`;
  }

  /** What people call a thing of that name in it. */
  named(name: string): string {
    return this.path === "/" ? `/${name}` : `${this.path}/${name}`;
  }

  /** The folder of that name in it. Throws ENOENT, and ENOTDIR also for a link. */
  enter(name: string): Folder {
    return new Folder(openSync(this.at(name), O_PATH | O_DIRECTORY | O_NOFOLLOW), this.named(name));
  }

  /** Where the link of that name in it leads; null when there is none. */
  linkAt(name: string): string | null {
    try {
      return readlinkSync(this.at(name));
    } catch (error) {
      const code = codeOf(error);
      if (code === "EINVAL" || code === "ENOENT" || code === "ENOTDIR") return null;
      throw error;
    }
  }

  stat() {
    return fstatSync(this.descriptor);
  }

  /** The same for whatever name leads to it. */
  get identity(): string {
    return identityOf(fstatSync(this.descriptor, { bigint: true }));
  }

  [Symbol.dispose](): void {
    this.open = false;
    closeSync(this.descriptor);
  }
}

/** Device and inode: a folder has one of its own for as long as it exists. */
export function identityOf({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}
