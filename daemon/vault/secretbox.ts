import { hkdfSync } from "node:crypto";
import { join } from "node:path";
import { NexoraError } from "../../src/contract/errors.ts";
import { keyBytes, nonceBytes, open, seal } from "./aes-gcm.ts";
import { createKeyFile, readKeyFile } from "./key-file.ts";

const prefix = "v1.";

/** What is sealed with a home's key. */
export interface SealedCounts {
  /** How many sessions have secrets. */
  sessions: number;
  /** How many profiles of browsers are kept. */
  profiles: number;
}

/** Encrypts the small secrets of sessions for the store, with a key of the home's own. */
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
  static async forHome(home: string, sealed: () => Promise<SealedCounts>): Promise<SecretBox> {
    const path = join(home, "secret.key");
    const key = await readKeyFile(path);
    if (key) return new SecretBox(key);
    const { sessions, profiles } = await sealed();
    const lost = [
      ...(sessions > 0 ? [`the secrets of ${counted(sessions, "session")}`] : []),
      ...(profiles > 0 ? [counted(profiles, "browser profile")] : []),
    ];
    if (lost.length === 0) return new SecretBox(await createKeyFile(path));
    const verb = sessions === 0 && profiles === 1 ? "was" : "were";
    throw new NexoraError(
      "config_invalid",
      `${path} is missing, and ${lost.join(" and ")} ${verb} sealed with it`,
      { hint: `restore it from a backup, or move ${home} away to start with an empty home` },
    );
  }

  /** `boundTo` names the row that it belongs to: a sealed text opens nowhere else. */
  seal(text: string, boundTo: string): string {
    const { nonce, ciphertext } = seal(this.key, text, boundTo);
    return prefix + Buffer.concat([nonce, ciphertext]).toString("base64url");
  }

  /** 32 secret bytes for another purpose, the same each time (HKDF-SHA256, RFC 5869). */
  derive(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync("sha256", this.key, "", purpose, keyBytes));
  }

  /** Throws `store_failed` when it was changed, moved to another row, or sealed with another key. */
  open(sealed: string, boundTo: string): string {
    const bytes = Buffer.from(sealed.slice(prefix.length), "base64url");
    try {
      if (!sealed.startsWith(prefix)) throw new Error("it is not a sealed text");
      const [nonce, ciphertext] = [bytes.subarray(0, nonceBytes), bytes.subarray(nonceBytes)];
      return open(this.key, { nonce, ciphertext }, boundTo);
    } catch (error) {
      throw new NexoraError("store_failed", `the secret of ${boundTo} cannot be decrypted`, {
        hint: "it was sealed with another secret.key, or changed; restore the key, or set the secret again",
        cause: error,
      });
    }
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
