import { existsSync, watch } from "node:fs";
import { join } from "node:path";
import { withinTime } from "../../../../src/abort.ts";
import { homeDirectory, runDirectory, sessionBus } from "../account.ts";
import { BusConnection } from "../dbus/connection.ts";
import type { Program } from "../desktop/supervise.ts";

const [folder, name] = [join(runDirectory, "runtime"), "bus"];
/** How long the desktop waits for it, in milliseconds. */
const listeningMs = 2_000;

/**
 * The session's D-Bus, which starts what belongs to accessibility (AT-SPI) when a program asks for
 * it; null when the image has none. It must listen before a program of the user's starts: one that finds no bus
 * can never be read.
 */
export function sessionBusProgram(env: Record<string, string>): Program | null {
  const daemon = Bun.which("dbus-daemon", { PATH: env.PATH ?? "" });
  if (!daemon) return null;
  const command = [daemon, "--session", `--address=${sessionBus}`, "--nofork", "--nopidfile"];
  return {
    ...{ name: "dbus", command: [...command, "--nosyslog"], env, cwd: homeDirectory },
    lasting: true,
  };
}

/** Whether one listens already, which has outlived the runner that started it. */
export async function sessionBusLives(): Promise<boolean> {
  const bus = await BusConnection.open(sessionBus).catch(() => null);
  bus?.close();
  return bus !== null;
}

/** Resolves when it listens, or has not for too long: the desktop can do without. */
export async function sessionBusListens(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watcher = watch(folder, (_, changed) => {
    if (changed === name) resolve();
  });
  if (existsSync(join(folder, name))) resolve();
  await withinTime(promise, listeningMs);
  watcher.close();
}
