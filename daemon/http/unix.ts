import { chmodSync, rmSync } from "node:fs";

/**
 * Listens for HTTP on a Unix socket that only the user can open (0600). The caller holds the home's lock,
 * so one that is there is a dead daemon's.
 */
export function serveUnix<Data>(unix: string, options: object): Bun.Server<Data> {
  rmSync(unix, { force: true });
  const before = process.umask(0o177);
  try {
    // Bun's types know no idle time-out for Unix sockets, but it is there, and 10 s by default.
    return Bun.serve({ unix, ...options } as unknown as Bun.Serve.Options<Data>);
  } finally {
    process.umask(before);
    chmodSync(unix, 0o600);
  }
}
