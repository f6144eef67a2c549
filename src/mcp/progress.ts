import type { ServerContext } from "@modelcontextprotocol/server";

/** How often a client is told that a call goes on, in milliseconds. */
const everyMs = 2_000;

/** Tells a client that has asked for it how many seconds its call has taken, until it is disposed. */
export function progressOf({ _meta, notify }: ServerContext["mcpReq"]): Disposable {
  const token = _meta?.progressToken;
  if (token === undefined) return { [Symbol.dispose]() {} };
  const started = performance.now();
  const tell = () => {
    const progress = Math.round((performance.now() - started) / 1000);
    const params = { progressToken: token, progress, message: `${progress} s so far` };
    // Who has gone needs no progress.
    notify({ method: "notifications/progress", params }).catch(() => {});
  };
  const timer = setInterval(tell, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
