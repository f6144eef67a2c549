import { type BackupEntry, openBackup, sealBackup } from "./backup.ts";
import { named, sealedRecord } from "./changes.ts";
import type { KeyRecord } from "./records.ts";
import type { Strongbox } from "./strongbox.ts";

/** All keys in a text that the passphrase opens. Throws `conflict` while keys are locked. */
export async function backUp(
  box: Strongbox,
  passphrase: string,
): Promise<{ backup: string; keys: number }> {
  const entries = await box.exclusively(async () => {
    box.requireUnlocked();
    return [...box.records.values()].map((record) => entryOf(record, box.reveal(record)));
  });
  return { backup: await sealBackup(entries, passphrase), keys: entries.length };
}

/**
 * Takes the keys of a backup in, all or none. Those that are there already are left as they are, unless
 * they are to be replaced. Throws `usage`, `forbidden`, and `conflict` while keys are locked.
 */
export async function restore(
  box: Strongbox,
  { backup, passphrase, replace }: { backup: string; passphrase: string; replace: boolean },
): Promise<{ restored: KeyRecord[]; kept: KeyRecord[] }> {
  const entries = await openBackup(backup, passphrase);
  return box.exclusively(async () => {
    const restored: KeyRecord[] = [];
    const kept: KeyRecord[] = [];
    for (const { expiresAt, ...entry } of entries) {
      const there = named(box, entry.provider, entry.name);
      const wanted = { ...entry, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
      if (there && !replace) kept.push(there);
      else restored.push(await sealedRecord(box, wanted, there?.id));
    }
    await box.store.put(restored);
    for (const record of restored) box.records.set(record.id, record);
    return { restored, kept };
  });
}

function entryOf(record: KeyRecord, key: string): BackupEntry {
  const { provider, name, rpm, tpm } = record;
  return { provider, name, key, expiresAt: record.expiresAt?.toISOString() ?? null, rpm, tpm };
}
