import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { sep } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf, messageOf } from "../../src/thrown.ts";

/** open(2); Node has no name for it. */
const O_PATH = 0o10000000;
const flags = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens a folder by its real path, component by component, following no symbolic link: what is
 * opened lies where its path says, whoever renames what meanwhile. The handle serves to look at
 * the folder and to mount it, not to read it. Throws `workspace_not_found`.
 */
export async function openFolder(path: string): Promise<FileHandle> {
  let folder = await open("/", O_PATH | constants.O_DIRECTORY);
  for (const name of path.split(sep).filter((each) => each !== "")) {
    const parent = folder;
    try {
      folder = await open(`/proc/self/fd/${parent.fd}/${name}`, flags);
    } catch (cause) {
      const code = codeOf(cause);
      const message = messageOf(cause);
      const why =
        code === "ENOENT"
          ? "it does not exist"
          : code === "ENOTDIR" || code === "ELOOP"
            ? `${name} is not a folder, or is a link now`
            : message;
      const told = `the workspace ${path} cannot be used: ${why}`;
      throw new NexoraError("workspace_not_found", told, {
        hint: "give an existing folder with --workspace",
        cause,
      });
    } finally {
      await parent.close();
    }
  }
  return folder;
}

/**
 * By what a folder is known again: its inode. Not its device too, whose number may be another one
 * after a reboot.
 */
export async function identityOf(folder: FileHandle): Promise<string> {
  return String((await folder.stat({ bigint: true })).ino);
}
