import { type ErrorCode, NexoraError } from "../src/contract/errors.ts";
import { codeOf, messageOf } from "../src/thrown.ts";

const causes: Record<string, [ErrorCode, string]> = {
  ENOENT: ["not_found", "it does not exist"],
  ENOTDIR: ["not_found", "part of the path is a file"],
  ELOOP: ["not_found", "its links lead in a circle"],
  EEXIST: ["conflict", "something else is there"],
  EISDIR: ["conflict", "it is a folder"],
  EACCES: ["forbidden", "permission denied"],
  EPERM: ["forbidden", "permission denied"],
  EROFS: ["forbidden", "the file system is read-only"],
  ENOSPC: ["disk_full", "the disk is full"],
  EDQUOT: ["disk_full", "the disk quota is exceeded"],
};

/** Whether the system has something to say of a file. */
export function isFileError(error: unknown): boolean {
  return Object.hasOwn(causes, codeOf(error));
}

/** What the system says of a file, in our words and by the name that people know it by. */
export function fileError(what: "read" | "write", path: string, error: unknown): NexoraError {
  if (error instanceof NexoraError) return error;
  const code = codeOf(error);
  const [kind, known] = causes[code] ?? ["unexpected", messageOf(error)];
  const why = what === "write" && code === "ENOENT" ? "its folder does not exist" : known;
  return new NexoraError(kind, `cannot ${what} ${path}: ${why}`, {
    hint: what === "write" ? "choose another path" : undefined,
    cause: error,
  });
}
