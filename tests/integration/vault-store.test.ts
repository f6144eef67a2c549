import { expect, test } from "bun:test";
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import type { Happening } from "../../daemon/events/events.ts";
import { providersAuth } from "../../daemon/store/schema.ts";
import { type NewKey, removeKey, rotateKey, setKey } from "../../daemon/vault/changes.ts";
import { KeyExpiry } from "../../daemon/vault/key-expiry.ts";
import { Vault } from "../../daemon/vault/keys.ts";
import { rotateMaster } from "../../daemon/vault/rotation.ts";
import { onEachStore } from "../support/stores.ts";
import { TestBox } from "../support/vaults.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const newKey = (provider: string, name: string, facts: Partial<NewKey> = {}): NewKey => ({
  provider,
  name,
  key: `sk-${provider}-${name}-0123456789`,
  expiresAt: null,
  rpm: null,
  tpm: null,
  ...facts,
});

onEachStore((its) => {
  const rowsOf = (instance: string) =>
    its.store.db
      .select()
      .from(providersAuth)
      .where(eq(providersAuth.instance, instance))
      .orderBy(providersAuth.name);

  test("a key is kept as ciphertext, nonce and key id, and opens after a restart", async () => {
    await using home = await TestBox.make(its.store, "kept");
    const { id } = await setKey(await home.open(), newKey("openai", "default"));
    const [row] = await rowsOf("kept");
    expect(row?.nonce.length).toBe(12);
    expect(row?.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(Buffer.from(row?.ciphertext ?? []).length).toBe(
      "sk-openai-default-0123456789".length + 16,
    );
    expect(JSON.stringify(row)).not.toContain("sk-openai");
    const vault = new Vault(await home.open(), quiet);
    expect(vault.usable("openai")).toMatchObject([{ id, last4: "6789", health: "unknown" }]);
    expect(vault.usable("groq")).toEqual([]);
    expect(vault.reveal(id)).toBe("sk-openai-default-0123456789");
  });

  test("a row that was swapped with another, or given to another provider, does not open", async () => {
    await using home = await TestBox.make(its.store, "swapped");
    const box = await home.open();
    const [one, two] = [
      await setKey(box, newKey("openai", "one")),
      await setKey(box, newKey("openai", "two")),
    ];
    const swap = (id: string, { nonce, ciphertext }: typeof one) =>
      its.store.db.update(providersAuth).set({ nonce, ciphertext }).where(eq(providersAuth.id, id));
    await swap(one.id, two);
    await swap(two.id, one);
    const swapped = new Vault(await home.open(), quiet);
    for (const { id } of [one, two]) {
      expect(() => swapped.reveal(id)).toThrow(expect.objectContaining({ code: "store_failed" }));
    }
    await swap(one.id, one);
    const { db } = its.store;
    await db.update(providersAuth).set({ provider: "evil" }).where(eq(providersAuth.id, one.id));
    expect(() => new Vault(box, quiet).reveal(one.id)).not.toThrow();
    const given = new Vault(await home.open(), quiet);
    expect(() => given.reveal(one.id)).toThrow(/evil\/one cannot be decrypted/);
  });

  test("another master key seals all anew, with other nonces, and the old one opens nothing", async () => {
    await using home = await TestBox.make(its.store, "rotated");
    const box = await home.open();
    const names = ["a", "b", "c"];
    const ids = [];
    for (const name of names) ids.push((await setKey(box, newKey("openai", name))).id);
    const before = await rowsOf("rotated");
    const { keys, master } = await rotateMaster(box, () => {});
    expect(keys).toBe(3);
    const after = await rowsOf("rotated");
    for (const [at, row] of after.entries()) {
      expect(row.keyId).toBe(master.id);
      expect(row.keyId).not.toBe(before[at]?.keyId ?? "");
      expect(row.nonce).not.toEqual(before[at]?.nonce ?? new Uint8Array());
    }
    expect(await readdir(join(home.home, "secrets"))).toEqual(["master.key"]);
    for (const each of [box, await home.open()]) {
      const vault = new Vault(each, quiet);
      expect(ids.map((id) => vault.reveal(id))).toEqual(
        names.map((name) => `sk-openai-${name}-0123456789`),
      );
    }
  });

  test("without their master key keys are locked, and no second one is made", async () => {
    await using home = await TestBox.make(its.store, "locked");
    const { id } = await setKey(await home.open(), newKey("openai", "default"));
    const file = join(home.home, "secrets/master.key");
    await rename(file, `${file}.aside`);
    const box = await home.open();
    const vault = new Vault(box, quiet);
    expect(vault.usable("openai")).toEqual([]);
    expect(() => vault.reveal(id)).toThrow(expect.objectContaining({ code: "conflict" }));
    const refused = { code: "conflict", message: expect.stringContaining(file) };
    await expect(setKey(box, newKey("groq", "default"))).rejects.toMatchObject(refused);
    await expect(rotateMaster(box, () => {})).rejects.toMatchObject(refused);
    expect(await readdir(join(home.home, "secrets"))).toEqual(["master.key.aside"]);
    await rename(`${file}.aside`, file);
    expect(new Vault(await home.open(), quiet).usable("openai")).toHaveLength(1);
  });

  test("a lost master key ends with its keys: then there is another", async () => {
    await using home = await TestBox.make(its.store, "lost");
    await setKey(await home.open(), newKey("openai", "default"));
    await rename(join(home.home, "secrets"), join(home.home, "gone"));
    const box = await home.open();
    await removeKey(box, { provider: "openai" });
    const { id } = await setKey(box, newKey("openai", "default"));
    expect(new Vault(await home.open(), quiet).reveal(id)).toContain("sk-openai");
  });

  test("what a provider made of a key, and when, is kept", async () => {
    await using home = await TestBox.make(its.store, "used");
    const box = await home.open();
    const { id } = await setKey(box, newKey("openai", "default"));
    const vault = new Vault(box, quiet);
    const now = new Date("2026-11-22T01:02:03.000Z");
    vault.seen(id, "refused", now);
    expect(vault.usable("openai")).toMatchObject([{ health: "refused", usedAt: now }]);
    await vault.close();
    const again = new Vault(await home.open(), quiet);
    expect(again.usable("openai")).toMatchObject([{ health: "refused", usedAt: now }]);
    await rotateKey(
      box,
      { provider: "openai" },
      { key: "another-one-0123456789", expiresAt: null },
    );
    expect(vault.usable("openai")).toMatchObject([{ id, health: "unknown", usedAt: null }]);
    expect(vault.reveal(id)).toBe("another-one-0123456789");
  });

  test("a key's end is announced a week and a day before, and when it has come; each once", async () => {
    await using home = await TestBox.make(its.store, "ends");
    const expiresAt = new Date("2027-01-31T00:00:00Z");
    const box = await home.open();
    await setKey(box, newKey("openai", "short", { expiresAt }));
    await setKey(box, newKey("openai", "long"));
    const told: Happening[] = [];
    const events = { publish: async (happening: Happening) => void told.push(happening) };
    const at = async (now: string) => {
      told.length = 0;
      // As after a restart.
      await new KeyExpiry(await home.open(), events).sweep(new Date(now));
      return told.map(({ type }) => type);
    };
    expect(await at("2027-01-01T00:00:00Z")).toEqual([]);
    expect(await at("2027-01-25T00:00:00Z")).toEqual(["key_expires"]);
    expect(told[0]?.message).toContain("openai/short expires on 2027-01-31");
    expect(await at("2027-01-26T00:00:00Z")).toEqual([]);
    expect(await at("2027-01-30T12:00:00Z")).toEqual(["key_expires"]);
    expect(await at("2027-01-31T00:00:00Z")).toEqual(["key_expired"]);
    expect(await at("2027-03-01T00:00:00Z")).toEqual([]);
    const vault = new Vault(await home.open(), quiet);
    const names = (now: string) => vault.usable("openai", new Date(now)).map(({ name }) => name);
    expect(names("2027-01-30T23:59:59Z")).toEqual(["short", "long"]);
    expect(names("2027-01-31T00:00:00Z")).toEqual(["long"]);
  });

  test("daemons that share a database see only their own keys", async () => {
    await using mine = await TestBox.make(its.store, "mine");
    await using theirs = await TestBox.make(its.store, "theirs");
    await setKey(await mine.open(), newKey("openai", "default"));
    const box = await theirs.open();
    expect(box.records.size).toBe(0);
    await setKey(box, newKey("openai", "default"));
    await removeKey(box, { provider: "openai" });
    expect((await mine.open()).records.size).toBe(1);
  });
});
