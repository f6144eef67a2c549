import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";

const library = "/usr/lib/nexora/playwright";
/** A compiled program of Bun's is Bun itself when it is asked for it (BUN_BE_BUN). */
const bundler = "/usr/lib/nexora/runner";
const bundleMs = 30_000;

/** Names by which a script may import the library. */
const libraryNames = ["playwright-core", "playwright"];

/**
 * The script as a module that Node.js can load: what it imports is bundled with it, and types are
 * taken out. JavaScript that lies in the workstation is loaded as it is.
 */
export function loadable(task: { folder: string; file: string; script: string | null }): string {
  const { folder, file, script } = task;
  const inPlace = resolve(file);
  if (script === null && /\.[cm]?js$/.test(file)) return inPlace;
  mkdirSync(join(folder, "node_modules"));
  for (const name of libraryNames) symlinkSync(library, join(folder, "node_modules", name));
  const source = script === null ? inPlace : join(folder, basename(file));
  if (script !== null) writeFileSync(source, script);
  const outcome = join(folder, `${basename(file, extname(file))}.bundle.mjs`);
  const options = ["--target=node", "--format=esm", "--sourcemap=inline", `--outfile=${outcome}`];
  const external = libraryNames.flatMap((name) => ["--external", name]);
  const { status, stderr, error } = spawnSync(bundler, ["build", source, ...options, ...external], {
    // Places in the sources are told from there.
    cwd: folder,
    env: { ...process.env, BUN_BE_BUN: "1" },
    encoding: "utf8",
    timeout: bundleMs,
  });
  if (error) throw error;
  if (status === 0) return outcome;
  // Where in the sources, and why; the stack of this program says nothing.
  throw Object.assign(new Error(), { stack: stderr.replaceAll(`${folder}/`, "").trim() });
}
