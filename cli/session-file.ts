import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { NexoraError } from "../src/contract/errors.ts";
import { codeOf, messageOf } from "../src/thrown.ts";

/** Folder and name of the file that `session use` writes, looked for upward from the current folder. */
const [folderName, fileName] = [".nexora", "session"];
export const sessionFile = join(folderName, fileName);

/** Longest content, in bytes. */
const maxBytes = 1024;

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_DIRECTORY } = constants;

/**
 * What the session file in a folder says; null when there is none. A workstation may have put
 * anything there: what is not a small file of its own (a link, a pipe) is an error. Throws `usage`.
 */
export function readSessionFile(at: string): string | null {
  const path = join(at, sessionFile);
  const folder = openOwn(join(at, folderName), O_DIRECTORY);
  if (folder === null) return null;
  try {
    const file = openOwn(`/proc/self/fd/${folder}/${fileName}`, 0, path);
    if (file === null) return null;
    try {
      const { size } = fstatSync(file);
      if (!fstatSync(file).isFile() || size > maxBytes) throw unfit(path);
      const bytes = Buffer.alloc(maxBytes);
      return bytes.toString("utf8", 0, readSync(file, bytes)).trim();
    } finally {
      closeSync(file);
    }
  } finally {
    closeSync(folder);
  }
}

/** Writes it, in the folder itself and nowhere that links lead to. Throws `forbidden`, `usage`. */
export function writeSessionFile(at: string, text: string): void {
  const path = join(at, sessionFile);
  try {
    mkdirSync(join(at, folderName), { recursive: true });
  } catch (cause) {
    throw new NexoraError("forbidden", `cannot make ${join(at, folderName)}`, {
      hint: "set NEXORA_SESSION instead",
      cause,
    });
  }
  const folder = openOwn(join(at, folderName), O_DIRECTORY);
  if (folder === null) throw unfit(path);
  const inside = (name: string) => `/proc/self/fd/${folder}/${name}`;
  const aside = inside(`.${fileName}-${process.pid}`);
  try {
    writeFileSync(aside, text, { flag: "wx" });
    renameSync(aside, inside(fileName));
  } catch (cause) {
    rmSync(aside, { force: true });
    throw new NexoraError("forbidden", `cannot write ${path}: ${messageOf(cause)}`, {
      hint: "set NEXORA_SESSION instead",
      cause,
    });
  } finally {
    closeSync(folder);
  }
}

/** Opens what is there itself, without waiting; null when there is nothing that this user may read. */
function openOwn(path: string, flags: number, told = path): number | null {
  try {
    return openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | flags);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ELOOP" || code === "ENOTDIR" || code === "ENXIO") throw unfit(told);
    return null;
  }
}

function unfit(path: string): NexoraError {
  return new NexoraError("usage", `${path} is not what \`nexora session use\` writes`, {
    hint: "look at it and remove it, or set NEXORA_SESSION",
  });
}
