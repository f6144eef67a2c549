import { chmod, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf, messageOf } from "../../src/thrown.ts";

/**
 * Makes sure that `dataDir` is a data folder of PostgreSQL `major`. A missing or empty one is
 * filled aside by `fill` and renamed into place, so that an interrupted first start leaves nothing
 * half-made. Throws `store_failed` for a folder that does not fit, `disk_full`.
 */
export async function ensureDataDir(
  dataDir: string,
  major: string,
  fill: (into: string) => Promise<void>,
): Promise<void> {
  const found = await readFile(join(dataDir, "PG_VERSION"), "utf8").catch(() => null);
  if (found?.trim() === major) return;
  if (found !== null) {
    throw new NexoraError(
      "store_failed",
      `the data folder ${dataDir} is of PostgreSQL ${found.trim()}; this version of Nexora needs ${major}`,
      {
        hint: "dump it with the version of Nexora that made it, or move it away to start with an empty one",
      },
    );
  }
  const entries = await readdir(dataDir).catch(() => []);
  if (entries.length > 0) {
    throw new NexoraError(
      "store_failed",
      `${dataDir} is not empty, and is not a data folder of PostgreSQL (PG_VERSION is missing)`,
      { hint: "restore it from a backup, or move it away to start with an empty one" },
    );
  }
  await make(dataDir, fill);
}

async function make(dataDir: string, fill: (into: string) => Promise<void>): Promise<void> {
  const aside = `${dataDir}.new`;
  try {
    await rm(aside, { recursive: true, force: true });
    await mkdir(dirname(dataDir), { recursive: true, mode: 0o700 });
    await fill(aside);
    await chmod(aside, 0o700);
    await rm(dataDir, { recursive: true, force: true });
    await rename(aside, dataDir);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
    throw failure(dataDir, error);
  }
}

function failure(dataDir: string, cause: unknown): NexoraError {
  const what = `the data folder ${dataDir} cannot be made`;
  if (["ENOSPC", "EDQUOT"].includes(codeOf(cause))) {
    return new NexoraError("disk_full", `${what}: the disk is full`, {
      hint: "free at least 100 MB, or set NEXORA_HOME to a folder on another disk",
      cause,
    });
  }
  return new NexoraError("store_failed", `${what} (${messageOf(cause)})`, {
    hint: "make its parent folder writable, or set NEXORA_HOME to one that is",
    cause,
  });
}
