import { lstatSync, mkdirSync } from "node:fs";
import { NexoraError } from "./contract/errors.ts";

/** Makes a folder that only this user can enter (0700), or checks the one that is there. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  checkPrivateFolder(path);
}

/**
 * Throws `forbidden` unless the folder is the user's own, no link and closed to others: in a
 * shared folder such as /tmp a stranger could have made it first.
 */
export function checkPrivateFolder(path: string): void {
  const it = lstatSync(path);
  const uid = process.getuid?.() ?? it.uid;
  if (it.isDirectory() && it.uid === uid && (it.mode & 0o077) === 0) return;
  throw new NexoraError("forbidden", `${path} is not a folder that only you can use`, {
    hint: "remove it or `chmod 700` it, or set NEXORA_HOME to another folder",
  });
}
