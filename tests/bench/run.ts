export interface RunOptions {
  signal: AbortSignal;
  env?: Record<string, string>;
  cwd?: string;
  /** Given to standard input; absent: none. */
  input?: string;
}

/** Runs a program to its end and gives its output. Throws what it wrote when it fails. */
export async function run(command: string[], options: RunOptions): Promise<string> {
  const { signal, env, cwd = "/", input } = options;
  signal.throwIfAborted();
  const child = Bun.spawn(command, {
    cwd,
    env: { ...process.env, ...env },
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
    signal,
  });
  const [out, problem, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  signal.throwIfAborted();
  if (code === 0) return out;
  throw new Error(`${command.slice(0, 4).join(" ")}: exit ${code}: ${(problem || out).trim()}`);
}

/** A whole process, its output thrown away: what a script that calls it waits for. */
export function wholeProcess(command: string[], options: RunOptions): () => Promise<void> {
  const { signal, env, cwd = "/" } = options;
  const environment = { ...process.env, ...env };
  return async () => {
    const stdio = ["ignore", "ignore", "ignore"] as ["ignore", "ignore", "ignore"];
    const code = await Bun.spawn(command, { cwd, env: environment, stdio, signal }).exited;
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`${command.slice(0, 4).join(" ")}: exit ${code}`);
  };
}
