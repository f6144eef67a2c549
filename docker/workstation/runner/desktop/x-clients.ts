import { existsSync, watch } from "node:fs";
import { join } from "node:path";
import { display, socketDirectory } from "../account.ts";
import { Windows } from "../x11/windows.ts";
import type { Xvnc } from "./xvnc.ts";

/** Name of our X server's socket. */
const socketName = `X${display.slice(1)}`;

/**
 * Connects to the X server while it still starts, and calls `startPrograms` as soon as it takes
 * connections: half of its start is then left, in which they can load. Throws `display_failed`
 * when it ends before it answers.
 */
export async function openWindows(
  xvnc: Xvnc,
  onChange: () => void,
  startPrograms: () => void,
): Promise<Windows> {
  let started = false;
  const start = () => {
    if (!started) startPrograms();
    started = true;
  };
  const path = join(socketDirectory, socketName);
  const named = new AbortController();
  await Promise.race([untilThere(socketName, named.signal), xvnc.ready]).finally(() =>
    named.abort(),
  );
  try {
    return await Windows.open(path, onChange, start);
  } catch {
    // It has its name before it is listened on.
    await xvnc.ready;
    return await Windows.open(path, onChange, start);
  }
}

/** Resolves when the socket has its name. */
function untilThere(name: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  watch(socketDirectory, { signal }, (_, changed) => {
    if (changed === name) resolve();
  });
  if (existsSync(join(socketDirectory, name))) resolve();
  return promise;
}
