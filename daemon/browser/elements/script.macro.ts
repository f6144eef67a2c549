/**
 * The script that runs in pages, as one text. A macro: it is bundled when the daemon is (or is
 * transpiled), in a process of its own, as a bundler cannot wait for itself.
 */
export function inPageScript(): string {
  const entry = new URL("./in-page/main.ts", import.meta.url).pathname;
  const { stdout, stderr, success } = Bun.spawnSync(
    [process.execPath, "build", entry, "--target=browser", "--format=iife", "--minify"],
    { env: { ...process.env, BUN_BE_BUN: "1" } },
  );
  if (!success) throw new Error(`the script for pages does not compile:\n${stderr}`);
  return stdout.toString();
}
