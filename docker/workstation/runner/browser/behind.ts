import { deadline } from "../../../../src/abort.ts";
import type { ManagedWindows } from "../desktop/managed-windows.ts";
import { devtoolsUrl } from "./devtools.ts";

/** How long its window may take, in milliseconds. */
const windowMs = 10_000;

/**
 * Opens a window of the browser, which has none yet, behind all others. It is shown without being made
 * active, and fluxbox gives no new window of this class the focus by itself (fluxbox/apps): not for a
 * moment do keys go there.
 */
export async function openBehind(
  path: string,
  windows: ManagedWindows,
  signal: AbortSignal,
): Promise<void> {
  const ends = deadline(windowMs, signal);
  const params = { url: "about:blank", newWindow: true, background: true };
  await command(path, "Target.createTarget", params, ends);
  for (;;) {
    const changed = windows.nextChange(ends);
    const window = (await windows.list()).windows.find((each) => each.class === "Chromium");
    if (window) {
      await windows.act(window.id, { action: "lower" }, ends);
      return;
    }
    ends.throwIfAborted();
    await changed;
  }
}

/** Sends the browser one command of the DevTools protocol; resolves when it has answered. */
async function command(
  path: string,
  method: string,
  params: object,
  signal: AbortSignal,
): Promise<void> {
  const socket = new WebSocket(devtoolsUrl(path));
  const answered = Promise.withResolvers<void>();
  const fail = () => answered.reject(new Error("the browser does not answer"));
  signal.addEventListener("abort", fail, { once: true });
  socket.onopen = () => socket.send(JSON.stringify({ id: 1, method, params }));
  socket.onmessage = () => answered.resolve();
  socket.onclose = fail;
  try {
    await answered.promise;
  } finally {
    signal.removeEventListener("abort", fail);
    socket.close();
  }
}
