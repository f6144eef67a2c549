/** Users may be listed on a server that does not answer: the daemon starts without its word then. */
const deadlineMs = 2000;

/**
 * Name of the user this process runs as, as id(1) has it from the name service; the number when it
 * has no name. `os.userInfo()` will not do: Bun's takes the name from the environment's USER, and
 * "unknown" where that is not set.
 */
export async function userName(): Promise<string> {
  const number = String(process.geteuid?.());
  try {
    const id = Bun.spawn(["id", "-un"], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      signal: AbortSignal.timeout(deadlineMs),
    });
    const [name, code] = await Promise.all([id.stdout.text(), id.exited]);
    return (code === 0 && name.trim()) || number;
  } catch {
    return number;
  }
}
