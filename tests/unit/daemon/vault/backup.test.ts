import { beforeAll, describe, expect, test } from "bun:test";
import { openBackup, sealBackup } from "../../../../daemon/vault/backup.ts";

const passphrase = "correct horse battery staple";
const entries = [
  { provider: "openai", name: "default", key: "sk-0123", expiresAt: null, rpm: null, tpm: 5 },
  {
    provider: "groq",
    name: "work",
    key: "gsk_x",
    expiresAt: "2027-01-31T00:00:00.000Z",
    rpm: 7,
    tpm: null,
  },
];

describe("a backup", () => {
  let text: string;
  beforeAll(async () => {
    text = await sealBackup(entries, passphrase);
  });

  test("opens with its passphrase, and shows nothing without", async () => {
    expect(await openBackup(text, passphrase)).toEqual(entries);
    expect(text).not.toMatch(/openai|groq|sk-/);
    expect(JSON.parse(text)).toMatchObject({ format: "nexora-keys", kdf: { name: "argon2id" } });
  });

  test("opens however the passphrase's letters were composed", async () => {
    const sealed = await sealBackup(entries, "u\u0308ber den Wolken");
    expect(await openBackup(sealed, "\u00fcber den Wolken")).toEqual(entries);
  });

  test("does not open with another passphrase", async () => {
    await expect(openBackup(text, `${passphrase} `)).rejects.toMatchObject({ code: "forbidden" });
  });

  test.each(["nonce", "ciphertext"])("does not open when its %s was changed", async (field) => {
    const backup = JSON.parse(text);
    const bytes = Buffer.from(backup[field], "base64");
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
    const changed = JSON.stringify({ ...backup, [field]: bytes.toString("base64") });
    await expect(openBackup(changed, passphrase)).rejects.toMatchObject({ code: "forbidden" });
  });

  test.each([
    ["no JSON", () => "keys"],
    ["another format", (it: object) => JSON.stringify({ ...it, format: "other" })],
    ["a newer version", (it: object) => JSON.stringify({ ...it, version: 2 })],
    [
      "a cost that would take all memory",
      (it: { kdf: object }) => JSON.stringify({ ...it, kdf: { ...it.kdf, memory: 4_194_304 } }),
    ],
    ["a field more", (it: object) => JSON.stringify({ ...it, more: 1 })],
  ])("with %s is refused, and not tried", async (_, change) => {
    await expect(openBackup(change(JSON.parse(text)), passphrase)).rejects.toMatchObject({
      code: "usage",
    });
  });
});
