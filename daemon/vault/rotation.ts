import type { Faults } from "../faults.ts";
import type { MasterKey } from "./master-key.ts";
import type { Strongbox } from "./strongbox.ts";

/**
 * Seals all keys anew, with a master key that is made for it. The new one lies beside the old one until
 * the records are sealed with it, which is one transaction: whenever the daemon dies, the next one sees
 * by the records which of the two is in force. Throws `conflict` while keys are locked.
 */
export function rotateMaster(
  box: Strongbox,
  faults: Faults,
): Promise<{ keys: number; master: MasterKey }> {
  return box.exclusively(async () => {
    box.requireUnlocked();
    const before = [...box.records.values()];
    const texts = before.map((record) => box.reveal(record));
    const master = await box.file.createNext();
    faults("master:made");
    const after = await Promise.all(
      before.map(async (record, at) => ({
        ...record,
        ...(await box.seal(texts[at] ?? "", record, master)),
      })),
    );
    try {
      await box.store.put(after, () => faults("master:sealed"));
      faults("master:committed");
      await box.file.adoptNext();
      faults("master:adopted");
      await box.refresh();
    } catch (error) {
      await settle(box, master, error);
    }
    return { keys: before.length, master };
  });
}

/** A database that breaks off may have done it all the same: its records say so, if it tells them. */
async function settle(box: Strongbox, wanted: MasterKey, error: unknown): Promise<void> {
  const now = await box.refresh().catch((cause: unknown) => {
    box.lock();
    throw cause;
  });
  if (now?.id !== wanted.id) throw error;
}
