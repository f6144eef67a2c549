import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BunPlugin } from "bun";

const scope = "node_modules/@img";
const platform = `linux-${process.arch}`;

/** sharp's addon and the library that it links to, relative to the project, the addon first. */
export function sharpFiles(root: string): string[] {
  const find = (folder: string, suffix: RegExp) => {
    const name = readdirSync(join(root, folder)).find((entry) => suffix.test(entry));
    if (!name) throw new Error(`sharp is not installed for ${platform}: nothing in ${folder}`);
    return join(folder, name);
  };
  return [
    find(`${scope}/sharp-${platform}/lib`, /\.node$/),
    find(`${scope}/sharp-libvips-${platform}/lib`, /^libvips-cpp\.so/),
  ];
}

/**
 * Replaces the module in which sharp looks for its addon (it would `require` it by a path that a
 * compiled binary does not have) by one that loads the embedded files.
 */
export function sharpPlugin(root: string): BunPlugin {
  const files = sharpFiles(root);
  return {
    name: "sharp",
    setup(build) {
      build.onLoad({ filter: /\/sharp\/dist\/sharp\.mjs$/ }, () => ({
        loader: "ts",
        contents: `
          import { assetPath } from ${JSON.stringify(join(root, "daemon/assets.ts"))};
          import { loadAddon } from ${JSON.stringify(join(root, "daemon/native/addon.ts"))};
          import { pathsOf } from ${JSON.stringify(join(root, "src/paths.ts"))};
          const files = ${JSON.stringify(files)}.map((path) => ({ path: path.replace("node_modules", "native"), source: assetPath(path) }));
          export default loadAddon(files, pathsOf(process.env).cache);
        `,
      }));
    },
  };
}
