import type { EventSink } from "../events/events.ts";
import type { Faults } from "../faults.ts";
import type { Logger } from "../log.ts";
import { type KeyTrial, keyHandlers } from "../operations/keys.ts";
import type { Database } from "../store/database.ts";
import { KeyExpiry } from "./key-expiry.ts";
import { Vault } from "./keys.ts";
import { MasterKeyFile } from "./master-key.ts";
import { KeyRecords } from "./records.ts";
import { Strongbox } from "./strongbox.ts";

export interface VaultParts {
  home: string;
  env: Record<string, string | undefined>;
  db: Database;
  instance: string;
  events: EventSink;
  faults: Faults;
  log: Logger;
}

/** How often keys are looked at for their end, in milliseconds. */
const everyMs = 60_000;

/** The keys of model providers, and the verbs for them. Throws `config_invalid`. */
export async function assembleVault({ home, env, db, instance, events, faults, log }: VaultParts) {
  const file = MasterKeyFile.of(home, env);
  const box = await Strongbox.open(new KeyRecords(db, instance), file);
  const locked = [...box.records.values()].filter((record) => box.isLocked(record)).length;
  if (locked > 0) log.error("keys are locked: their master key is not there", { locked });
  const vault = new Vault(box, log);
  const expiry = new KeyExpiry(box, events);
  const look = () =>
    expiry.sweep().catch((error: unknown) => log.warn("keys were not looked at", { error }));
  void look();
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    vault,
    handlers: (trial: KeyTrial | null) =>
      keyHandlers({ box, faults, trial, changed: () => void look() }),
    async close(): Promise<void> {
      clearInterval(timer);
      await vault.close();
    },
  };
}
