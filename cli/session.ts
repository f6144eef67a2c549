import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { usageError } from "./usage.ts";

/** File that `session use` writes, looked for upward from the current folder. */
export const sessionFile = join(".nexora", "session");

/**
 * The session to act on: the flag, `NEXORA_SESSION`, the nearest `.nexora/session` upward, else
 * `@`, with which the daemon takes the only running session or lists the candidates.
 */
export function chosenSession(
  flag: string | undefined,
  env: Record<string, string | undefined>,
  folder: string,
): string {
  if (flag !== undefined) return checked(flag, "--session");
  if (env.NEXORA_SESSION) return checked(env.NEXORA_SESSION, "NEXORA_SESSION");
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, sessionFile);
    const name = read(path);
    if (name) return checked(name, path);
    if (at === dirname(at)) return "@";
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").slice(0, 1024).trim();
  } catch {
    return undefined;
  }
}

function checked(name: string, source: string): string {
  if (/^(@|[A-Za-z0-9_-]{1,64})$/.test(name)) return name;
  throw usageError(
    `${source}: ${JSON.stringify(name)} is not the name or id of a session`,
    "`nexora session ls` lists them",
  );
}
