import { NexoraError } from "../../src/contract/errors.ts";
import type { KeyHealth } from "../../src/contract/keys.ts";
import type { Logger } from "../log.ts";
import type { KeyRecord } from "./records.ts";
import type { Strongbox } from "./strongbox.ts";

/** A provider's key, as anybody may see it. */
export interface ProviderKey {
  id: string;
  provider: string;
  name: string;
  /** Its last four characters; empty when that would be more than a quarter of it. */
  last4: string;
  createdAt: Date;
  usedAt: Date | null;
  expiresAt: Date | null;
  health: KeyHealth;
  /** Requests and tokens a minute that it may be used for; null: any. */
  rpm: number | null;
  tpm: number | null;
}

/** How long uses are gathered before they are written down, in milliseconds. */
const gatherMs = 5_000;

/** What the gateway has of the keys: those of a provider, from memory, and what is in them. */
export class Vault {
  private readonly unwritten = new Set<string>();
  private timer: Timer | null = null;

  constructor(
    private readonly box: Strongbox,
    private readonly log: Logger,
  ) {}

  /** In the order in which they were set; none that has expired, or whose master key is not there. */
  usable(provider: string, now = new Date()): ProviderKey[] {
    const fits = (it: KeyRecord) => it.provider === provider && this.isUsable(it, now);
    return [...this.box.records.values()].filter(fits).map(withoutSecret);
  }

  /** Whether there is any key that can be used. */
  get hasAny(): boolean {
    return [...this.box.records.values()].some((record) => this.isUsable(record));
  }

  /** The key itself, for its provider alone. Throws `not_found`, `conflict`, `store_failed`. */
  reveal(id: string): string {
    const record = this.box.records.get(id);
    if (record) return this.box.reveal(record);
    throw new NexoraError("not_found", "the key has been removed in the meantime", {
      hint: "see `nexora keys ls`",
    });
  }

  /** To be called when a key was used, with what the provider made of it. Written now and then. */
  seen(id: string, health: KeyHealth, now = new Date()): void {
    const record = this.box.records.get(id);
    if (!record) return;
    record.health = health;
    record.usedAt = now;
    this.unwritten.add(id);
    if (this.timer) return;
    this.timer = setTimeout(() => void this.write(), gatherMs);
    this.timer.unref();
  }

  /** Writes down what is not written yet. */
  async close(): Promise<void> {
    await this.write();
  }

  private isUsable(record: KeyRecord, now = new Date()): boolean {
    if (record.expiresAt !== null && record.expiresAt <= now) return false;
    return !this.box.isLocked(record);
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
    const ids = [...this.unwritten];
    this.unwritten.clear();
    for (const id of ids) {
      const record = this.box.records.get(id);
      if (!record) continue;
      const { health, usedAt } = record;
      await this.box.store
        .update(id, { health, usedAt })
        .catch((error: unknown) => this.log.warn("a key's last use was not kept", { error }));
    }
  }
}

/** What may be shown of a record. */
export function withoutSecret(record: KeyRecord): ProviderKey {
  const { id, provider, name, last4, createdAt, usedAt, expiresAt, health, rpm, tpm } = record;
  return { id, provider, name, last4, createdAt, usedAt, expiresAt, health, rpm, tpm };
}
