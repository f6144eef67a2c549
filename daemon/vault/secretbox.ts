import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { link, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";

const keyBytes = 32;
/** NIST SP 800-38D recommends 96-bit nonces and a 128-bit tag for GCM. */
const nonceBytes = 12;
const tagBytes = 16;
const prefix = "v1.";

/** Encrypts small secrets for the store with AES-256-GCM. */
export class SecretBox {
  /** `key`: 32 bytes. */
  constructor(private readonly key: Uint8Array) {
    if (key.length !== keyBytes) throw new RangeError(`a key has ${keyBytes} bytes`);
  }

  /**
   * The box with the key of `<home>/secret.key`, which is made on first use: when nothing is
   * sealed yet. Throws `config_invalid` when the file is missing later, damaged, or others may
   * read it.
   */
  static async forHome(home: string, sealed: () => Promise<number>): Promise<SecretBox> {
    const path = join(home, "secret.key");
    const key = await readKey(path);
    if (key) return new SecretBox(key);
    const count = await sealed();
    if (count === 0) return new SecretBox(await createKey(path));
    throw new NexoraError(
      "config_invalid",
      `${path} is missing, and the secrets of ${count} session${count === 1 ? "" : "s"} were sealed with it`,
      { hint: `restore it from a backup, or move ${home} away to start with an empty home` },
    );
  }

  /** `boundTo` names the row that it belongs to: a sealed text opens nowhere else. */
  seal(text: string, boundTo: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce).setAAD(Buffer.from(boundTo));
    const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final()]);
    return prefix + Buffer.concat([sealed, cipher.getAuthTag()]).toString("base64url");
  }

  /** Throws `store_failed` when it was changed, moved to another row, or sealed with another key. */
  open(sealed: string, boundTo: string): string {
    const bytes = Buffer.from(sealed.slice(prefix.length), "base64url");
    try {
      if (!sealed.startsWith(prefix) || bytes.length < nonceBytes + tagBytes) {
        throw new Error("it is not a sealed text");
      }
      const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, nonceBytes))
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(-tagBytes));
      const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch (error) {
      throw new NexoraError("store_failed", `the secret of ${boundTo} cannot be decrypted`, {
        hint: "it was sealed with another secret.key, or changed; restore the key, or set the secret again",
        cause: error,
      });
    }
  }
}

async function readKey(path: string): Promise<Uint8Array | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new NexoraError("config_invalid", `${path} cannot be read`, {
      hint: "make it readable for the daemon's user",
      cause: error,
    });
  }
  const key = Buffer.from(text.trim(), "base64");
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

/** Written aside and linked into place: whoever comes first wins, and no one sees half a key. */
async function createKey(path: string): Promise<Uint8Array> {
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
  const key = await readKey(path);
  if (!key)
    throw new NexoraError("config_invalid", `${path} was removed while it was being created`);
  return key;
}
