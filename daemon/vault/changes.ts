import { randomBytes } from "node:crypto";
import { NexoraError } from "../../src/contract/errors.ts";
import type { KeyRecord } from "./records.ts";
import type { Strongbox } from "./strongbox.ts";

export interface NewKey {
  provider: string;
  name: string;
  key: string;
  expiresAt: Date | null;
  rpm: number | null;
  tpm: number | null;
}

/** Names a key; without a name it is the provider's only one. */
export interface KeyReference {
  provider: string;
  name?: string | undefined;
}

/** Below this a key is too short for any of it to be shown, in characters. */
const showableLength = 16;

/** A new record, sealed; `id` when it takes another's place. */
export async function sealedRecord(
  box: Strongbox,
  { key, ...facts }: NewKey,
  id = `k_${randomBytes(6).toString("hex")}`,
): Promise<KeyRecord> {
  return {
    id,
    ...facts,
    ...(await box.seal(key, { provider: facts.provider, id })),
    last4: key.length < showableLength ? "" : key.slice(-4),
    health: "unknown",
    createdAt: new Date(),
    usedAt: null,
    announced: null,
  };
}

/** Keeps a key. Throws `name_taken`. */
export function setKey(box: Strongbox, wanted: NewKey): Promise<KeyRecord> {
  return box.exclusively(async () => {
    const { provider, name } = wanted;
    if (named(box, provider, name)) {
      throw new NexoraError("name_taken", `there is already a key ${provider}/${name}`, {
        hint: `replace it with \`nexora keys rotate ${provider} --name ${name}\`, or choose another --name`,
      });
    }
    return put(box, await sealedRecord(box, wanted));
  });
}

/** Puts another key in the place of one. Throws `not_found`, `conflict`. */
export function rotateKey(
  box: Strongbox,
  which: KeyReference,
  { key, expiresAt }: Pick<NewKey, "key" | "expiresAt">,
): Promise<KeyRecord> {
  return box.exclusively(async () => {
    const { id, provider, name, rpm, tpm } = findKey(box, which);
    return put(box, await sealedRecord(box, { provider, name, key, expiresAt, rpm, tpm }, id));
  });
}

/** Forgets a key. Throws `not_found`, `conflict`. */
export function removeKey(box: Strongbox, which: KeyReference): Promise<KeyRecord> {
  return box.exclusively(async () => {
    const record = findKey(box, which);
    // Not used from here on, also while the database is slow.
    box.records.delete(record.id);
    await box.store.remove(record.id);
    return record;
  });
}

export function named(box: Strongbox, provider: string, name: string): KeyRecord | undefined {
  return [...box.records.values()].find((it) => it.provider === provider && it.name === name);
}

async function put(box: Strongbox, record: KeyRecord): Promise<KeyRecord> {
  await box.store.put([record]);
  box.records.set(record.id, record);
  return record;
}

/** Throws `not_found`, `conflict` when several are meant. */
export function findKey(box: Strongbox, { provider, name }: KeyReference): KeyRecord {
  const all = [...box.records.values()].filter((it) => it.provider === provider);
  const fitting = name === undefined ? all : all.filter((it) => it.name === name);
  const [found, ...others] = fitting;
  if (found && others.length === 0) return found;
  if (!found) {
    const what = name === undefined ? `no key of ${provider}` : `no key ${provider}/${name}`;
    throw new NexoraError("not_found", `there is ${what}`, { hint: "see `nexora keys ls`" });
  }
  const names = fitting.map((it) => it.name);
  throw new NexoraError("conflict", `${provider} has several keys: ${names.join(", ")}`, {
    hint: "choose one with --name",
    details: { candidates: names },
  });
}
