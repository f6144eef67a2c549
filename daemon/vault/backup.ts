import { argon2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { NexoraError } from "../../src/contract/errors.ts";
import { keyBytes, open, seal } from "./aes-gcm.ts";

/** The second of the parameters that RFC 9106 recommends (section 4): 64 MiB, in KiB here. */
const cost = { memory: 65_536, passes: 3, parallelism: 4 };
const saltBytes = 16;

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** What is in the clear. Bounded, because it may be a stranger's: it decides what opening costs. */
const headSchema = z.strictObject({
  format: z.literal("nexora-keys"),
  version: z.literal(1),
  kdf: z.strictObject({
    name: z.literal("argon2id"),
    memory: z.number().int().min(8192).max(262_144),
    passes: z.number().int().min(1).max(10),
    parallelism: z.number().int().min(1).max(16),
    salt: base64.min(16).max(100),
  }),
});
const backupSchema = headSchema.extend({ nonce: base64.max(100), ciphertext: base64 });

const entrySchema = z.strictObject({
  provider: z.string().min(1).max(40),
  name: z.string().min(1).max(40),
  key: z.string().min(1).max(4096),
  expiresAt: z.iso.datetime().nullable(),
  rpm: z.number().int().min(1).nullable(),
  tpm: z.number().int().min(1).nullable(),
});
const entriesSchema = z.array(entrySchema).max(10_000);
/** A key as a backup holds it. */
export type BackupEntry = z.output<typeof entrySchema>;

/** Encrypts keys with a passphrase; the head, which says how, is authenticated with them. */
export async function sealBackup(
  entries: readonly BackupEntry[],
  passphrase: string,
): Promise<string> {
  const salt = randomBytes(saltBytes).toString("base64");
  const head = {
    format: "nexora-keys",
    version: 1,
    kdf: { name: "argon2id", ...cost, salt },
  } as const;
  const sealed = seal(await derive(passphrase, head), JSON.stringify(entries), bound(head));
  const nonce = Buffer.from(sealed.nonce).toString("base64");
  const ciphertext = Buffer.from(sealed.ciphertext).toString("base64");
  return `${JSON.stringify({ ...head, nonce, ciphertext }, null, 2)}\n`;
}

/** Throws `usage` for what is no backup, `forbidden` when the passphrase does not open it. */
export async function openBackup(text: string, passphrase: string): Promise<BackupEntry[]> {
  const { nonce, ciphertext, ...head } = read(backupSchema, text);
  const key = await derive(passphrase, head);
  const sealed = {
    nonce: Buffer.from(nonce, "base64"),
    ciphertext: Buffer.from(ciphertext, "base64"),
  };
  let opened: string;
  try {
    opened = open(key, sealed, bound(head));
  } catch (cause) {
    throw new NexoraError("forbidden", "the passphrase does not open this backup", {
      hint: "try again; if it is the right one, the backup was changed",
      cause,
    });
  }
  return read(entriesSchema, opened);
}

type Head = z.output<typeof headSchema>;

function read<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Without a cause: it could quote what it was given.
  throw new NexoraError(
    "usage",
    "this is not a backup of keys, or none that this version can read",
    {
      hint: "`nexora keys backup FILE` writes one",
    },
  );
}

/** RFC 9106. Off this thread: it takes a tenth of a second. */
async function derive(passphrase: string, { kdf }: Head): Promise<Uint8Array> {
  const { memory, passes, parallelism, salt } = kdf;
  // What is typed on one machine is the same text on another (RFC 8265, section 4.2).
  const message = Buffer.from(passphrase.normalize("NFC"));
  const nonce = Buffer.from(salt, "base64");
  const wanted = { message, nonce, memory, passes, parallelism, tagLength: keyBytes };
  return promisify(argon2)("argon2id", wanted);
}

function bound(head: Head): string {
  return JSON.stringify(head);
}
