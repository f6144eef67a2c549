/** Connects until an RFB server's first bytes come: Docker's proxy accepts before Xvnc listens. */
export async function untilBanner(port: number, deadline: AbortSignal): Promise<void> {
  while (!(await speaks(port, deadline))) {
    deadline.throwIfAborted();
    await Bun.sleep(2);
  }
}

async function speaks(port: number, deadline: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onAbort = () => resolve(false);
  deadline.addEventListener("abort", onAbort);
  const silent = () => resolve(false);
  const socket = {
    data: (_: unknown, bytes: Uint8Array) => resolve(bytes.length > 0),
    close: silent,
    error: silent,
    connectError: silent,
  };
  const opening = Bun.connect({ hostname: "127.0.0.1", port, socket }).catch(() => null);
  try {
    return await promise;
  } finally {
    deadline.removeEventListener("abort", onAbort);
    (await opening)?.terminate();
  }
}
