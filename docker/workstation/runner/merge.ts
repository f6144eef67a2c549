import { chmod, lstat, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Moves what is in one folder into another of the same file system, each thing by one rename: a
 * name stands for all of a file, or for what was there before. Folders are merged, anything else
 * of the same name is replaced. Throws the file system's error, for example when a file would
 * replace a folder.
 */
export async function mergeFolder(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await moveFolder(source, target);
    else await rename(source, target);
  }
}

async function moveFolder(source: string, target: string): Promise<void> {
  // Whoever moves a folder, or takes something out of it, must be allowed to write to it.
  const { mode } = await lstat(source);
  await chmod(source, mode | 0o700);
  const there = await lstat(target).catch(() => null);
  if (there?.isDirectory()) return mergeFolder(source, target);
  if (there) await rm(target);
  await rename(source, target);
  await chmod(target, mode);
}
