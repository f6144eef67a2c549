import { chmod, mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { BunPlugin } from "bun";

/** Absolute paths. */
export interface CompileOptions {
  entry: string;
  output: string;
  /** Files and folders to embed, each under its base name. */
  assets?: readonly string[];
  plugins?: readonly BunPlugin[];
}

/**
 * Compiles a program into one file that starts in milliseconds: split, so that a verb loads only
 * what it uses, and with bytecode. The result reads no `.env` and no `bunfig.toml` of the folder
 * in which it is run: a `preload` there would run with the user's rights.
 */
export async function compile({ entry, output, assets, plugins }: CompileOptions) {
  const aside = join(dirname(output), ".new", basename(output));
  await mkdir(dirname(aside), { recursive: true });
  const result = await Bun.build({
    entrypoints: [entry],
    target: "bun",
    format: "esm",
    splitting: true,
    minify: true,
    bytecode: true,
    define: {
      "process.env.NODE_ENV": '"production"',
      // CommonJS modules would carry the path of the checkout: another binary for every folder.
      __dirname: '"/"',
      __filename: '"/module.js"',
    },
    plugins: [...(plugins ?? [])],
    compile: {
      outfile: aside,
      assets: [...(assets ?? [])],
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
    throw: false,
  });
  if (!result.success) {
    throw new Error(`${entry} does not compile:\n${result.logs.map(describe).join("\n")}`);
  }
  await chmod(aside, 0o755);
  await rename(aside, output);
}

function describe({ message, position }: BuildMessage | ResolveMessage): string {
  return position ? `${position.file}:${position.line}: ${message}` : message;
}
