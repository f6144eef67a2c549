import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ErrorCode, NexoraError } from "../src/contract/errors.ts";

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
    throw cannotWrite(path, error);
  }
}

const causes: Record<string, [ErrorCode, string]> = {
  ENOENT: ["not_found", "its folder does not exist"],
  ENOTDIR: ["not_found", "part of the path is a file"],
  EISDIR: ["conflict", "it is a folder"],
  EACCES: ["forbidden", "permission denied"],
  EPERM: ["forbidden", "permission denied"],
  EROFS: ["forbidden", "the file system is read-only"],
  ENOSPC: ["disk_full", "the disk is full"],
  EDQUOT: ["disk_full", "the disk quota is exceeded"],
};

function cannotWrite(path: string, error: unknown): NexoraError {
  const { code, message } = error as NodeJS.ErrnoException;
  const [kind, why] = causes[code ?? ""] ?? ["unexpected", message];
  return new NexoraError(kind, `cannot write ${path}: ${why}`, {
    hint: "choose another path",
    cause: error,
  });
}
