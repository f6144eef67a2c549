import { spinner } from "@clack/prompts";
import { readLines } from "../src/lines.ts";

/** Runs a step and shows it: a spinner on a terminal, plain lines elsewhere. */
export async function step<T>(
  title: string,
  action: (say: (text: string) => void) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const shown = process.stderr.isTTY ? spinner({ output: process.stderr }) : null;
  if (shown) shown.start(title);
  else console.error(`• ${title} …`);
  try {
    const result = await action((text) => shown?.message(`${title}: ${text}`));
    if (shown) shown.stop(`${title} (${seconds()})`);
    else console.error(`  done in ${seconds()}`);
    return result;
  } catch (error) {
    if (shown) shown.error(`${title}: failed after ${seconds()}`);
    throw error;
  }
}

/**
 * Runs a command and returns its standard output. `say` gets each line of its standard error (and
 * of its output). Throws with the last lines when it fails.
 */
export async function run(
  command: string[],
  options: { cwd: string; say?: (line: string) => void; env?: Record<string, string | undefined> },
): Promise<string> {
  const child = Bun.spawn(command, {
    cwd: options.cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, ...options.env },
  });
  const tail: string[] = [];
  const watch = async (stream: ReadableStream<Uint8Array>) => {
    let text = "";
    for await (const line of readLines(stream)) {
      text += `${line}\n`;
      if (line.trim() === "") continue;
      tail.push(line);
      if (tail.length > 30) tail.shift();
      options.say?.(line.trim().slice(0, 100));
    }
    return text;
  };
  const [stdout] = await Promise.all([watch(child.stdout), watch(child.stderr)]);
  const code = await child.exited;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${tail.join("\n")}`);
  return stdout;
}
