import { dirname, join } from "node:path";
import { readSessionFile, sessionFile } from "./session-file.ts";
import { usageError } from "./usage.ts";

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
  const found = implicitSession(env, folder);
  return found ? checked(found.name, found.source) : "@";
}

/** The session that is chosen without being named on the command line, and by what. */
export function implicitSession(
  env: Record<string, string | undefined>,
  folder: string,
): { name: string; source: string } | null {
  if (env.NEXORA_SESSION) return { name: env.NEXORA_SESSION, source: "NEXORA_SESSION" };
  for (let at = folder; ; at = dirname(at)) {
    const name = readSessionFile(at);
    if (name) return { name, source: join(at, sessionFile) };
    if (at === dirname(at)) return null;
  }
}

function checked(name: string, source: string): string {
  if (/^(@|[A-Za-z0-9_-]{1,64})$/.test(name)) return name;
  throw usageError(
    `${source}: ${JSON.stringify(name)} is not a session name or id`,
    "`nexora session ls` lists them",
  );
}
