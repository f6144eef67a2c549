import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileError } from "./file-error.ts";

/**
 * Writes a file so that readers see all of it or nothing: aside first, then renamed. What is
 * there and no regular file (a pipe, a device) is written to as it is. `mode`: of a new file. Throws
 * errors that name the path.
 */
export function writeFileAtomically(path: string, data: string | Uint8Array, mode = 0o666): void {
  const aside = join(dirname(path), `.nexora-${process.pid}-${Date.now().toString(36)}`);
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there && !there.isFile()) {
      writeFileSync(path, data);
      return;
    }
    writeFileSync(aside, data, { flag: "wx", mode });
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw fileError("write", path, error);
  }
}
