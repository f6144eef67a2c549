import { readFile, statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { NexoraError } from "../../src/contract/errors.ts";
import { ensureDataDir } from "./datadir.ts";
import { refuseOlder } from "./legacy.ts";
import { migrateWith } from "./migrate.ts";
import * as schema from "./schema.ts";
import { ping, type Store, type StoreAssets } from "./store.ts";

/** PostgreSQL's major version inside PGlite 0.5; the data folder's format follows it. */
export const pgMajor = "18";

/** A segment of PostgreSQL's log is 16 MB, in megabytes. */
const neededMB = 32;

/** PostgreSQL's default of 128 MB costs 140 MB of resident memory; our tables are tiny. */
const memory = ["-c", "shared_buffers=8MB"];

/** Opens a data folder, made on first start. The caller holds the home's lock. */
export async function openPglite(dataDir: string, assets: StoreAssets): Promise<Store> {
  // Compiling takes 150 ms on threads of its own: the first start unpacks meanwhile.
  const engine = compileEngine(assets);
  engine.catch(() => {});
  await ensureDataDir(dataDir, pgMajor, async (into) => {
    if (assets.template) await unpackTemplate(assets.template, into);
    else await (await start(into, await engine)).close();
  });
  let pglite: PGlite | null = null;
  try {
    pglite = await start(dataDir, await engine);
    const db = drizzle(pglite, { schema });
    await migrateWith(db, migrate, assets.migrations);
    await refuseOlder(db);
    const opened = pglite;
    return {
      kind: "pglite",
      source: "embedded",
      address: null,
      db,
      ping: (signal) => ping(db, signal),
      close: async () => {
        if (!opened.closed) await opened.close();
      },
    };
  } catch (error) {
    await pglite?.close().catch(() => {});
    if (error instanceof NexoraError) throw error;
    throw (await noSpace(dataDir, error)) ?? damaged(dataDir, error);
  }
}

/** PostgreSQL writes to recover from a crash, and ends without a word of why when it cannot. */
async function noSpace(dataDir: string, cause: unknown): Promise<NexoraError | null> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = (bavail * bsize) / 1_000_000;
  if (free > neededMB) return null;
  const what = `the data folder ${dataDir} cannot be opened: its disk is full`;
  return new NexoraError("disk_full", `${what} (${free.toFixed(1)} MB are free)`, {
    hint: `free at least ${neededMB} MB, and try again: nothing is lost`,
    cause,
  });
}

function damaged(dataDir: string, cause: unknown): NexoraError {
  return new NexoraError("store_failed", `the data folder ${dataDir} cannot be opened`, {
    hint: "restore it from a backup, or move it away to start with an empty one",
    cause,
  });
}

/** A data folder with the schema in it, as an uncompressed tar. */
export async function makeTemplate(assets: StoreAssets): Promise<Uint8Array> {
  const pglite = await start("memory://", await compileEngine(assets));
  try {
    const db = drizzle(pglite, { schema });
    await migrateWith(db, migrate, assets.migrations);
    await refuseOlder(db);
    await pglite.exec("checkpoint");
    return await (await pglite.dumpDataDir("none")).bytes();
  } finally {
    await pglite.close();
  }
}

/** Unpacks a prepared data folder (tar, zstd) into a folder, which is made. */
async function unpackTemplate(template: string, into: string): Promise<void> {
  const tar = await promisify(zstdDecompress)(await readFile(template));
  await new Bun.Archive(tar).extract(into);
}

interface Engine {
  pgliteWasmModule: WebAssembly.Module;
  initdbWasmModule: WebAssembly.Module;
  fsBundle: Blob;
}

async function compileEngine({ pglite }: StoreAssets): Promise<Engine> {
  const compile = async (path: string) => WebAssembly.compile(await readFile(path));
  const [pgliteWasmModule, initdbWasmModule] = await Promise.all([
    compile(pglite.wasm),
    compile(pglite.initdb),
  ]);
  return { pgliteWasmModule, initdbWasmModule, fsBundle: Bun.file(pglite.data) };
}

function start(dataDir: string, engine: Engine): Promise<PGlite> {
  const startParams = [...PGlite.defaultStartParams, ...memory];
  return PGlite.create({ ...engine, dataDir, startParams });
}
