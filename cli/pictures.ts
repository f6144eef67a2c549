import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../src/paths.ts";
import { writeFileAtomically } from "./atomic-file.ts";

/** Pictures that are kept; older ones go when a new one comes. */
const maxPictures = 50;

/** Writes a picture to the user's cache and returns its path. */
export function keepPicture(paths: Paths, format: string, data: Uint8Array): string {
  const folder = join(paths.cache, "screens");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().replace(/[-:]/g, "").replace("Z", "");
  const path = join(folder, `screen-${time}-${process.pid}.${format}`);
  writeFileAtomically(path, data);
  prune(folder);
  return path;
}

/** Names begin with the time, so the first of the sorted names are the oldest. */
function prune(folder: string): void {
  const names = readdirSync(folder).filter((name) => name.startsWith("screen-"));
  for (const name of names.sort().slice(0, -maxPictures))
    rmSync(join(folder, name), { force: true });
}
