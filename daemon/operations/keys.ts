import { NexoraError } from "../../src/contract/errors.ts";
import { endOf, type Key, type keyOperations } from "../../src/contract/keys.ts";
import type { Faults } from "../faults.ts";
import { removeKey, rotateKey, setKey } from "../vault/changes.ts";
import { withoutSecret } from "../vault/keys.ts";
import type { KeyRecord } from "../vault/records.ts";
import { backUp, restore } from "../vault/restore.ts";
import { rotateMaster } from "../vault/rotation.ts";
import type { Strongbox } from "../vault/strongbox.ts";
import type { HandlersOf } from "./handler.ts";

export interface KeyParts {
  box: Strongbox;
  faults: Faults;
  /** Called when keys have been set. */
  changed: () => void;
}

export function keyHandlers({ box, faults, changed }: KeyParts): HandlersOf<typeof keyOperations> {
  const shown = (record: KeyRecord): Key => {
    const { createdAt, usedAt, expiresAt, health, ...rest } = withoutSecret(record);
    return {
      ...rest,
      createdAt: createdAt.toISOString(),
      usedAt: usedAt?.toISOString() ?? null,
      expiresAt: expiresAt?.toISOString() ?? null,
      health: box.isLocked(record) ? "locked" : health,
    };
  };
  return {
    "keys.set": {
      async reply({ expires, rpm = null, tpm = null, ...wanted }) {
        const expiresAt = comingEnd(expires);
        const record = await setKey(box, { ...wanted, expiresAt, rpm, tpm });
        changed();
        return shown(record);
      },
    },
    "keys.ls": { reply: () => ({ keys: [...box.records.values()].map(shown) }) },
    "keys.rotate": {
      async reply({ key, expires, ...which }) {
        const record = await rotateKey(box, which, { key, expiresAt: comingEnd(expires) });
        changed();
        return shown(record);
      },
    },
    "keys.rm": {
      async reply(which) {
        const { id, provider, name } = await removeKey(box, which);
        return { id, provider, name };
      },
    },
    "keys.rotate-master": {
      async reply() {
        const { keys, master } = await rotateMaster(box, faults);
        return { keys, masterKey: master.id, file: box.file.path };
      },
    },
    "vault.backup": { reply: ({ passphrase }) => backUp(box, passphrase) },
    "vault.restore": {
      async reply(input) {
        const { restored, kept } = await restore(box, input);
        changed();
        return { restored: restored.map(nameOf), kept: kept.map(nameOf) };
      },
    },
  };
}

function nameOf({ provider, name }: KeyRecord): { provider: string; name: string } {
  return { provider, name };
}

function comingEnd(expires: string | undefined): Date | null {
  const end = expires === undefined ? null : endOf(expires);
  if (end && end <= new Date()) {
    throw new NexoraError("usage", `expires: ${expires} is over`, {
      hint: "give a day that is to come, or leave it out: then it does not expire",
    });
  }
  return end;
}
