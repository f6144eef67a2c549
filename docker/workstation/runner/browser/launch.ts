import { rm } from "node:fs/promises";
import { join } from "node:path";
import { homeDirectory } from "../account.ts";
import { runProgram } from "../desktop/supervise.ts";
import type { Log } from "../log.ts";

/** Where the browser's DevTools listen, on the workstation's loopback only. */
export const devtoolsPort = 9222;

const profile = join(homeDirectory, ".config/chromium");

/** The image's browser with its flags; null when the image has none. */
export function browserCommand(env: Record<string, string>): string[] | null {
  const executable = Bun.which("chromium", { PATH: env.PATH ?? "" });
  if (!executable) return null;
  return [
    executable,
    `--remote-debugging-port=${devtoolsPort}`,
    `--user-data-dir=${profile}`,
    ...["--no-first-run", "--no-default-browser-check", "--password-store=basic"],
    // Docker's /dev/shm has 64 MB, on which tabs crash.
    ...["--disable-dev-shm-usage", "--start-maximized"],
  ];
}

/**
 * Opens the image's browser, its own sandbox on, until it ends or `signal` aborts. It is not
 * started again: a user who closes it wants it closed.
 */
export async function openChromium(
  env: Record<string, string>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const command = browserCommand(env);
  if (!command) {
    log.line("runner", "the image has no browser to open");
    return;
  }
  // A workstation that was killed leaves its lock; no other browser can run yet.
  const locks = ["SingletonLock", "SingletonSocket", "SingletonCookie"];
  await Promise.all(locks.map((name) => rm(join(profile, name), { force: true })));
  const program = { name: "chromium", command, env, cwd: homeDirectory };
  log.line("runner", `chromium ended ${await runProgram(program, log, signal)}`);
}
