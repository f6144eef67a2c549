import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Registration } from "../src/client/registration.ts";
import { NexoraError } from "../src/contract/errors.ts";
import type { Paths } from "../src/paths.ts";
import { codeOf, messageOf } from "../src/thrown.ts";

/** The bearer token of this home, made on first use (0600). Throws `config_invalid`. */
export function readToken({ token }: Paths): string {
  return (
    readFile(token, /^[\x21-\x7e]{16,}$/, {
      what: "a token: one line of at least 16 printable characters",
      hint: "move it away, and restart the daemon: a new one is made",
    }) ?? make(token, randomBytes(32).toString("base64url"))
  );
}

/**
 * The id of this home, made on first use. Throws `config_invalid` when a home that has been used has
 * none: what the engine has of it would be nobody's.
 */
export function readInstance({ home, data }: Paths): string {
  const path = join(home, "instance");
  const hint = `restore it from a backup, or move ${home} away to start with an empty home`;
  const found = readFile(path, /^[0-9a-f]{16}$/, { what: "the id of a home", hint });
  if (found !== null) return found;
  if (existsSync(data) || existsSync(join(home, "secret.key"))) {
    const why = `${path} is missing, by which the sessions of this home are known`;
    throw new NexoraError("config_invalid", why, { hint });
  }
  return make(path, randomBytes(8).toString("hex"));
}

/** Tells clients where the daemon listens. Returns what takes it back. */
export function register(paths: Paths, registration: Registration): () => void {
  writeAside(paths.registration, `${JSON.stringify(registration)}\n`);
  return () => rmSync(paths.registration, { force: true });
}

/** The text in a file of ours, which nobody else may read; null when there is no such file. */
function readFile(
  path: string,
  form: RegExp,
  { what, hint }: { what: string; hint: string },
): string | null {
  let text: string;
  try {
    if (!statSync(path).isFile()) throw new Error("it is not a file");
    chmodSync(path, 0o600);
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    const code = codeOf(cause);
    const message = messageOf(cause);
    if (code === "ENOENT") return null;
    throw new NexoraError("config_invalid", `${path} cannot be read: ${message}`, { hint, cause });
  }
  if (form.test(text)) return text;
  throw new NexoraError("config_invalid", `${path} does not hold ${what}`, { hint });
}

/** Safe without a lock of its own: the caller holds the home's. */
function make(path: string, text: string): string {
  writeAside(path, `${text}\n`);
  return text;
}

function writeAside(path: string, text: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    writeFileSync(aside, text, { mode: 0o600 });
    renameSync(aside, path);
  } catch (cause) {
    rmSync(aside, { force: true });
    const code = codeOf(cause);
    const message = messageOf(cause);
    const full = code === "ENOSPC" || code === "EDQUOT";
    const why = `${path} cannot be written: ${full ? "its disk is full" : message}`;
    throw new NexoraError(full ? "disk_full" : "config_invalid", why, {
      hint: full
        ? "free some space, and try again: nothing is lost"
        : "make its folder writable, or set NEXORA_HOME to one that is",
      cause,
    });
  }
}
