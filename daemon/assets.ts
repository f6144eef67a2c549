import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { StoreAssets } from "./store/store.ts";

/** Whether this is the compiled binary: its own files are below this path. */
const compiled = import.meta.dir.startsWith("/$bunfs/");

/**
 * Where a file of the project is: in the source tree, or in the compiled binary, which embeds it
 * under its base name (scripts/assets.ts has the list).
 * @public used by code that the build generates (scripts/build/sharp.ts)
 */
export function assetPath(file: string): string {
  return compiled ? join(import.meta.dir, basename(file)) : join(dirname(import.meta.dir), file);
}

const pglite = "node_modules/@electric-sql/pglite/dist";

/** @public embedded by scripts/assets.ts */
export const tesseract = {
  wasm: "node_modules/tesseract.js-core/tesseract-core-simd-lstm.wasm",
  model: "node_modules/@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz",
};

/** Files that the daemon needs besides code: paths to read with node:fs or `Bun.file`. */
export const assets = {
  store(): StoreAssets {
    return {
      migrations: assetPath("drizzle"),
      pglite: {
        wasm: assetPath(`${pglite}/pglite.wasm`),
        initdb: assetPath(`${pglite}/initdb.wasm`),
        data: assetPath(`${pglite}/pglite.data`),
      },
      template: built("pgdata.tar.zst"),
    };
  },

  /**
   * The build context of the workstation image; null before the build has made it. Its hash was
   * taken by the build: at start nobody unpacks 100 MB to know it.
   */
  workstationContext(): { hash: string; tar(): ReadableStream<Uint8Array> } | null {
    const archive = built("workstation.tar.zst");
    const hash = built("workstation.sha256");
    if (!archive || !hash) return null;
    return {
      hash: readFileSync(hash, "utf8"),
      tar: () => Bun.file(archive).stream().pipeThrough(new DecompressionStream("zstd")),
    };
  },

  /** Docker's seccomp profile for workstations, as JSON. */
  seccomp(): string {
    return assetPath("docker/workstation/seccomp.json");
  },

  /** Tesseract as WebAssembly, and its model of English, gzipped. */
  tesseract(): { wasm: string; model: string } {
    return { wasm: assetPath(tesseract.wasm), model: assetPath(tesseract.model) };
  },

  /** Models and prices as they were when this was released, as JSON. */
  models(): string {
    return assetPath("daemon/gateway/providers/models-snapshot.json");
  },
};

function built(name: string): string | null {
  const path = assetPath(`dist/assets/${name}`);
  return existsSync(path) ? path : null;
}
