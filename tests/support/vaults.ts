import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../daemon/store/store.ts";
import { MasterKeyFile } from "../../daemon/vault/master-key.ts";
import { KeyRecords } from "../../daemon/vault/records.ts";
import { Strongbox } from "../../daemon/vault/strongbox.ts";

/** A strongbox on a home of its own, opened as often as one likes. */
export class TestBox implements AsyncDisposable {
  private constructor(
    readonly home: string,
    private readonly store: Store,
    private readonly instance: string,
  ) {}

  static async make(store: Store, instance: string): Promise<TestBox> {
    return new TestBox(await mkdtemp(join(tmpdir(), "nexora-vault-")), store, instance);
  }

  open(): Promise<Strongbox> {
    const records = new KeyRecords(this.store.db, this.instance);
    return Strongbox.open(records, MasterKeyFile.of(this.home, {}));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}
