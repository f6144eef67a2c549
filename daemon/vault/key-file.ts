import { randomBytes } from "node:crypto";
import { link, open, readFile, rm, stat } from "node:fs/promises";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf } from "../../src/thrown.ts";
import { keyBytes } from "./aes-gcm.ts";

/**
 * The key in a file: 32 bytes, as they are or in base64. Null when there is no such file. Throws
 * `config_invalid` when it cannot be read, holds something else, or others may read it.
 */
export async function readKeyFile(path: string): Promise<Uint8Array | null> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new NexoraError("config_invalid", `${path} cannot be read`, {
      hint: "make it readable for the daemon's user",
      cause: error,
    });
  }
  const key =
    content.length === keyBytes
      ? content
      : Buffer.from(content.toString("latin1").trim(), "base64");
  if (key.length !== keyBytes) {
    throw new NexoraError("config_invalid", `${path} does not hold a key of ${keyBytes} bytes`, {
      hint: "restore it from a backup; without it the stored secrets are lost",
    });
  }
  if (((await stat(path)).mode & 0o077) !== 0) {
    throw new NexoraError("config_invalid", `${path} can be read by other users`, {
      hint: `run \`chmod 600 ${path}\``,
    });
  }
  return key;
}

/**
 * Makes a key file (0600) with a random key, and resolves with what it holds then. It is written
 * aside and linked into place: whoever comes first wins, and no one sees half a key. Throws
 * `config_invalid`.
 */
export async function createKeyFile(path: string): Promise<Uint8Array> {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    const file = await open(aside, "wx", 0o600);
    try {
      await file.writeFile(`${randomBytes(keyBytes).toString("base64")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(aside, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } catch (error) {
    throw new NexoraError("config_invalid", `the key file ${path} cannot be written`, {
      hint: "make its folder writable, or set NEXORA_HOME to one that is",
      cause: error,
    });
  } finally {
    await rm(aside, { force: true });
  }
  const key = await readKeyFile(path);
  if (!key)
    throw new NexoraError("config_invalid", `${path} was removed while it was being created`);
  return key;
}
