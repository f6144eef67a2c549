import { NexoraError } from "../../src/contract/errors.ts";
import { KeyedQueue } from "../keyed-queue.ts";
import { open, type Sealed, seal } from "./aes-gcm.ts";
import type { MasterKey, MasterKeyFile } from "./master-key.ts";
import type { KeyRecord, KeyRecords } from "./records.ts";

/**
 * The encrypted keys of this daemon, in memory and in the store, with the master key that opens them.
 * Nobody else changes this instance's records.
 */
export class Strongbox {
  /** By id, oldest first. */
  readonly records = new Map<string, KeyRecord>();
  private readonly changes = new KeyedQueue();
  private master: MasterKey | null = null;

  private constructor(
    readonly store: KeyRecords,
    readonly file: MasterKeyFile,
  ) {}

  /** Throws `config_invalid` when the master key's file is not as it must be. */
  static async open(store: KeyRecords, file: MasterKeyFile): Promise<Strongbox> {
    const box = new Strongbox(store, file);
    await box.refresh();
    return box;
  }

  /** Reads everything anew; resolves with the master key in force. */
  async refresh(): Promise<MasterKey | null> {
    const records = await this.store.list();
    const master = await this.file.read(new Set(records.map(({ keyId }) => keyId)));
    // Both at once: requests go on meanwhile.
    this.master = master;
    this.records.clear();
    for (const record of records) this.records.set(record.id, record);
    return master;
  }

  /** Locks all keys, until the daemon is started again. */
  lock(): void {
    this.master = null;
  }

  /** Whether the master key that it was sealed with is not there. */
  isLocked({ keyId }: KeyRecord): boolean {
    return keyId !== this.master?.id;
  }

  /** The key in a record. Throws `conflict` for one that is locked, `store_failed` for one that was changed. */
  reveal(record: KeyRecord): string {
    const { id, provider, name } = record;
    if (!this.master || this.isLocked(record)) throw this.locked(`the key ${provider}/${name} is`);
    try {
      return open(this.master.bytes, record, boundTo(provider, id));
    } catch (cause) {
      throw new NexoraError("store_failed", `the key ${provider}/${name} cannot be decrypted`, {
        hint: `its record was changed; set it again with \`nexora keys rotate ${provider}\``,
        cause,
      });
    }
  }

  /**
   * Seals a key with the master key in force, or another. Makes the first one when there is none.
   * Throws `conflict` while keys are locked: a second master key would be in the first one's way.
   */
  async seal(
    key: string,
    { provider, id }: { provider: string; id: string },
    master?: MasterKey,
  ): Promise<Sealed & { keyId: string }> {
    if (!master) this.requireUnlocked();
    const chosen = master ?? this.master ?? (await this.file.create());
    if (!master) this.master = chosen;
    return { keyId: chosen.id, ...seal(chosen.bytes, key, boundTo(provider, id)) };
  }

  /** Throws `conflict` while keys are locked. */
  requireUnlocked(): void {
    const locked = [...this.records.values()].filter((record) => this.isLocked(record)).length;
    if (locked > 0) throw this.locked(locked === 1 ? "one key is" : `${locked} keys are`);
  }

  /** Runs a change when those before it have ended. */
  exclusively<T>(change: () => Promise<T>): Promise<T> {
    return this.changes.run("", change);
  }

  private locked(who: string): NexoraError {
    const { path } = this.file;
    return new NexoraError("conflict", `${who} locked: ${path} does not hold their master key`, {
      hint: `restore that file and restart the daemon; if it is lost, remove them with \`nexora keys rm PROVIDER\` and set them again`,
    });
  }
}

/** What a sealed key is bound to, so that it opens in no other row and for no other provider. */
function boundTo(provider: string, id: string): string {
  return `provider-key:${provider}:${id}`;
}
