import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import { messageOf } from "../../src/thrown.ts";

export interface AddonFile {
  /** Where it must lie, relative to the cache folder, for the addon's rpath to find its libraries. */
  path: string;
  /** Where it is now. */
  source: string;
}

/**
 * Loads a native addon out of a compiled binary. The dynamic linker needs real files, so they are
 * copied to `cacheDir` once, each aside and then renamed: who loads it at the same time never sees
 * half a file. The addon (`.node`) is the first of `files`. Throws `config_invalid` when the folder cannot be written or forbids execution.
 */
export function loadAddon(files: readonly AddonFile[], cacheDir: string): unknown {
  const targets = files.map(({ path }) => join(cacheDir, path));
  try {
    for (const { path, source } of files) copyOnce(source, join(cacheDir, path));
  } catch (error) {
    throw new NexoraError(
      "config_invalid",
      `the image library cannot be written to ${cacheDir} (${messageOf(error)})`,
      {
        hint: "make it writable, or set XDG_CACHE_HOME or NEXORA_HOME to a folder that is",
        cause: error,
      },
    );
  }
  const loaded = { exports: {} };
  try {
    process.dlopen(loaded, targets[0] ?? "");
  } catch (error) {
    const why = messageOf(error);
    throw new NexoraError("config_invalid", `the image library cannot be loaded (${why})`, {
      hint: /libstdc\+\+/.test(why)
        ? "install libstdc++ (`apt-get install libstdc++6`)"
        : `${cacheDir} may be mounted noexec: set XDG_CACHE_HOME or NEXORA_HOME to a folder that is not`,
      cause: error,
    });
  }
  return loaded.exports;
}

function copyOnce(source: string, target: string): void {
  if (statSync(target, { throwIfNoEntry: false })?.size === statSync(source).size) return;
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const aside = `${target}.${process.pid}`;
  try {
    writeFileSync(aside, readFileSync(source), { mode: 0o600 });
    renameSync(aside, target);
  } finally {
    rmSync(aside, { force: true });
  }
}
