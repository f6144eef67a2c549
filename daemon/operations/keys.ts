import { NexoraError } from "../../src/contract/errors.ts";
import { endOf, type Key, type KeyHealth, type keyOperations } from "../../src/contract/keys.ts";
import type { Faults } from "../faults.ts";
import { findKey, removeKey, rotateKey, setKey } from "../vault/changes.ts";
import { type ProviderKey, withoutSecret } from "../vault/keys.ts";
import type { KeyRecord } from "../vault/records.ts";
import { backUp, restore } from "../vault/restore.ts";
import { rotateMaster } from "../vault/rotation.ts";
import type { Strongbox } from "../vault/strongbox.ts";
import type { HandlersOf } from "./handler.ts";

/** Asks a provider what it makes of a key. */
export interface KeyTrial {
  ofKey(provider: string, key: ProviderKey): Promise<{ health: KeyHealth; message: string }>;
}

export interface KeyParts {
  box: Strongbox;
  faults: Faults;
  /** Null while there is no gateway. */
  trial: KeyTrial | null;
  /** Called when keys have been set. */
  changed: () => void;
}

export function keyHandlers(parts: KeyParts): HandlersOf<typeof keyOperations> {
  const { box, faults, trial, changed } = parts;
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
    "keys.test": {
      async reply(which) {
        if (!trial) throw noGateway();
        const record = findKey(box, which);
        const { provider, name } = record;
        const { health, message } = await trial.ofKey(provider, withoutSecret(record));
        if (health === "good") return { provider, name, health, message };
        throw new NexoraError("action_failed", message, {
          hint: `replace the key with \`nexora keys rotate ${provider} --name ${name}\` if it is no longer good`,
          details: { health },
        });
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
    throw new NexoraError("usage", `expires: ${expires} is in the past`, {
      hint: "give a day in the future, or leave it out for a key that does not expire",
    });
  }
  return end;
}

function noGateway(): NexoraError {
  return new NexoraError("conflict", "keys are tested by the gateway, which is disabled", {
    hint: "set `gateway.enabled` in the configuration to true, and restart the daemon",
  });
}
