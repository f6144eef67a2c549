import { mkdirSync } from "node:fs";
import { codeOf } from "../../src/thrown.ts";
import type { Folder } from "./folder.ts";

/** Goes from one folder of a tree to the next, by descriptors: only the way down to the last one is open. */
export class Descent implements Disposable {
  private readonly below: { name: string; folder: Folder }[] = [];

  constructor(private readonly top: Folder) {}

  /** The folder of these names, one below the other; made where missing. Throws ENOTDIR for a link. */
  reach(names: readonly string[]): Folder {
    const known = this.below.findIndex(({ name }, at) => name !== names[at]);
    if (known >= 0) this.leave(known);
    let folder = this.below.at(-1)?.folder ?? this.top;
    for (const name of names.slice(this.below.length)) {
      folder = enterOrMake(folder, name);
      this.below.push({ name, folder });
    }
    return folder;
  }

  [Symbol.dispose](): void {
    this.leave(0);
  }

  private leave(depth: number): void {
    for (const { folder } of this.below.splice(depth)) folder[Symbol.dispose]();
  }
}

function enterOrMake(folder: Folder, name: string): Folder {
  try {
    return folder.enter(name);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    mkdirSync(folder.at(name));
    return folder.enter(name);
  }
}
