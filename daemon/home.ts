import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Registration } from "../src/client/registration.ts";
import type { Paths } from "../src/paths.ts";

/** The bearer token of this home, made on first use (0600). */
export function readToken(paths: Paths): string {
  return readOrMake(paths.token, () => randomBytes(32).toString("base64url"));
}

/** The id of this home, made on first use. */
export function readInstance(paths: Paths): string {
  return readOrMake(join(paths.home, "instance"), () => randomBytes(8).toString("hex"));
}

/** Tells clients where the daemon listens. Returns what takes it back. */
export function register(paths: Paths, registration: Registration): () => void {
  writeAside(paths.registration, `${JSON.stringify(registration)}\n`);
  return () => rmSync(paths.registration, { force: true });
}

/** Safe without a lock of its own: the caller holds the home's. */
function readOrMake(path: string, make: () => string): string {
  try {
    chmodSync(path, 0o600);
    const text = readFileSync(path, "utf8").trim();
    if (text !== "") return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const text = make();
  writeAside(path, `${text}\n`);
  return text;
}

function writeAside(path: string, text: string): void {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text, { mode: 0o600 });
  renameSync(aside, path);
}
