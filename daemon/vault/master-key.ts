import { createHmac } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { copyFile, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import { createKeyFile, readKeyFile } from "./key-file.ts";

/** A key that seals records, and the id by which they name it. */
export interface MasterKey {
  /** 16 hexadecimal digits, which say nothing of the key. */
  id: string;
  bytes: Uint8Array;
}

/**
 * The file that holds the master key: `secrets/master.key` in the home (folder 0700, file 0600), or
 * the one that `NEXORA_MASTER_KEY_FILE` names. While a key takes the place of another, the new one
 * lies beside it as `….next`.
 */
export class MasterKeyFile {
  private readonly next: string;

  private constructor(
    readonly path: string,
    /** The folder that is ours alone; null when the user has chosen the file. */
    private readonly folder: string | null,
  ) {
    this.next = `${path}.next`;
  }

  static of(home: string, env: Record<string, string | undefined>): MasterKeyFile {
    const chosen = env.NEXORA_MASTER_KEY_FILE;
    if (chosen) return new MasterKeyFile(chosen, null);
    const folder = join(home, "secrets");
    return new MasterKeyFile(join(folder, "master.key"), folder);
  }

  /**
   * The key in force, null when there is none yet; `sealedWith` are the ids of the keys that records
   * are sealed with. A change of keys that was cut off is finished if the records have got the new
   * one, else undone. Throws `config_invalid`, also when others may get at the file.
   */
  async read(sealedWith: ReadonlySet<string>): Promise<MasterKey | null> {
    if (this.folder) checkFolder(this.folder);
    const next = await this.readNext(sealedWith);
    if (next && sealedWith.has(next.id)) await this.adoptNext();
    else await rm(this.next, { force: true });
    const bytes = await readKeyFile(this.path);
    if (bytes) return masterKey(bytes);
    if (this.folder) return null;
    throw new NexoraError("config_invalid", `${this.path} is missing`, {
      hint: "NEXORA_MASTER_KEY_FILE names it: correct that, or make the file with `openssl rand -base64 32`",
    });
  }

  /** Makes the first key. */
  async create(): Promise<MasterKey> {
    return this.make(this.path);
  }

  /** Makes the key that is to take this one's place. */
  async createNext(): Promise<MasterKey> {
    await rm(this.next, { force: true });
    return this.make(this.next);
  }

  /** Puts it in this one's place. */
  async adoptNext(): Promise<void> {
    await rename(this.next, this.path).catch(async (error: NodeJS.ErrnoException) => {
      // A file that was mounted by itself cannot be replaced, only written.
      if (error.code !== "EBUSY") throw error;
      await copyFile(this.next, this.path);
      await rm(this.next);
    });
    const folder = await open(dirname(this.path));
    await folder.sync().finally(() => folder.close());
  }

  private async make(path: string): Promise<MasterKey> {
    if (this.folder) mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    return masterKey(await createKeyFile(path));
  }

  /** One that cannot be used counts only if no other may be in force. */
  private async readNext(sealedWith: ReadonlySet<string>): Promise<MasterKey | null> {
    try {
      const bytes = await readKeyFile(this.next);
      return bytes && masterKey(bytes);
    } catch (error) {
      const current = await readKeyFile(this.path);
      const old = current && masterKey(current).id;
      if (old && [...sealedWith].every((id) => id === old)) return null;
      throw asNexoraError(error);
    }
  }
}

function masterKey(bytes: Uint8Array): MasterKey {
  const id = createHmac("sha256", bytes).update("nexora master key").digest("hex").slice(0, 16);
  return { id, bytes };
}

function checkFolder(path: string): void {
  const it = lstatSync(path, { throwIfNoEntry: false });
  if (!it) return;
  if (!it.isDirectory()) {
    throw new NexoraError("config_invalid", `${path} is not a folder`, { hint: "move it away" });
  }
  if ((it.mode & 0o077) === 0) return;
  throw new NexoraError("config_invalid", `${path} can be used by other users`, {
    hint: `run \`chmod 700 ${path}\``,
  });
}
