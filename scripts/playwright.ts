import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What of the package playwright-core drives a Chromium that runs: no browsers, no recorder, no trace viewer. */
const parts = [
  ...["package.json", "index.js", "index.mjs", "browsers.json"],
  ...["lib/bootstrap.js", "lib/coreBundle.js", "lib/utilsBundle.js", "lib/webp_codec.wasm"],
  ...["LICENSE", "NOTICE", "ThirdPartyNotices.txt"],
  ...["lib/utilsBundle.js.LICENSE", "lib/webp_codec.LICENSE"],
];

/**
 * Playwright's library for scripts in the workstation, and the program that runs one, as files of
 * the image's context.
 */
export async function playwrightFiles(root: string): Promise<{ name: string; content: Buffer }[]> {
  const files = parts.map(async (part) => ({
    name: `playwright/${part}`,
    content: await readFile(join(root, "node_modules/playwright-core", part)),
  }));
  return Promise.all([...files, program(root)]);
}

/** `run.mjs`, for the image's Node.js, which knows no TypeScript. */
async function program(root: string): Promise<{ name: string; content: Buffer }> {
  const entry = join(root, "docker/workstation/playwright/run.ts");
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    target: "node",
    format: "esm",
    packages: "external",
    minify: { whitespace: true },
  });
  const text = await outputs[0]?.text();
  if (text === undefined) throw new Error(`${entry} was not built`);
  return { name: "playwright/run.mjs", content: Buffer.from(text) };
}
