import { z } from "zod";
import { forceFlag, nameSchema, operation } from "./operation.ts";

const healths = ["unknown", "good", "refused", "limited"] as const;
/** What the provider said when a key was last used. */
export type KeyHealth = (typeof healths)[number];

const provider = nameSchema
  .describe("The provider, for example openai or anthropic")
  .meta({ cli: { positional: true, value: "PROVIDER" } });

/** RFC 9110, 5.5: what may stand in a header field, without spaces. */
const secret = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII characters without spaces")
  .describe("The key itself")
  .meta({ cli: { hidden: true } });

const expires = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/,
    "must be a date such as 2030-12-31, or a time such as 2030-12-31T12:00:00Z",
  )
  .refine((text) => endOf(text) !== null, "there is no such day or time")
  .describe("It is not used after this day, or this time")
  .meta({ cli: { value: "DATE" } });

/** The moment that is meant: of a day its end, in UTC. Null when there is no such day. */
export function endOf(text: string): Date | null {
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  const at = new Date(day ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at.getTime())) return null;
  // JavaScript takes February 31 for March 3.
  const [, date = ""] = /^(\d{4}-\d\d-\d\d)/.exec(text) ?? [];
  if (!new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date)) return null;
  return day ? new Date(at.getTime() + 24 * 3600 * 1000) : at;
}

const perMinute = (what: string) =>
  z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe(`Use it for at most so many ${what} a minute`)
    .meta({ cli: { value: "N" } });

const keySchema = z.object({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  last4: z.string().describe("Its last four characters; empty for a key of less than sixteen"),
  createdAt: z.iso.datetime().describe("When it was set, or last replaced"),
  usedAt: z.iso.datetime().nullable().describe("When it was last used, exact to some seconds"),
  expiresAt: z.iso.datetime().nullable(),
  health: z
    .enum([...healths, "locked"])
    .describe(
      "What the provider said when it was last used; locked: the master key that it was sealed with is not there",
    ),
  rpm: z.number().int().nullable().describe("Requests a minute that it is used for; null: any"),
  tpm: z.number().int().nullable().describe("Tokens a minute that it is used for; null: any"),
});
export type Key = z.output<typeof keySchema>;

const keysSet = operation({
  id: "keys.set",
  access: "admin",
  method: "POST",
  path: "/v1/keys",
  summary: "Keep a provider's key, encrypted; it is never shown again",
  description: "The gateway sends it to that provider, and to nobody else.",
  help: "The key comes from standard input or, on a terminal, from a hidden prompt: an argument would be in the shell's history.",
  input: z.strictObject({
    provider,
    name: nameSchema
      .default("default")
      .describe("Name of the key, where a provider has several (default: default)")
      .meta({ cli: { short: "n", value: "NAME" } }),
    key: secret,
    expires: expires.optional(),
    rpm: perMinute("requests"),
    tpm: perMinute("tokens"),
  }),
  output: keySchema,
  errors: ["name_taken", "conflict", "config_invalid"],
  examples: ["nexora keys set openai", "nexora keys set groq --name work --expires 2030-12-31"],
});

const keysList = operation({
  id: "keys.ls",
  access: "admin",
  method: "GET",
  path: "/v1/keys",
  summary: "List keys by their last characters, and how they fare",
  input: z.strictObject({}),
  output: z.object({ keys: z.array(keySchema) }),
  errors: [],
});

const which = {
  provider,
  name: nameSchema
    .optional()
    .describe("Name of the key, where a provider has several")
    .meta({ cli: { short: "n", value: "NAME" } }),
};

const keysRotate = operation({
  id: "keys.rotate",
  access: "admin",
  method: "PUT",
  path: "/v1/keys/{provider}",
  summary: "Replace a key by another; requests take the new one from then on",
  help: "The new key comes from standard input or, on a terminal, from a hidden prompt.",
  input: z.strictObject({ ...which, key: secret, expires: expires.optional() }),
  output: keySchema,
  errors: ["not_found", "conflict", "config_invalid"],
  examples: ["nexora keys rotate openai --expires 2031-06-30"],
});

const keysRemove = operation({
  id: "keys.rm",
  access: "admin",
  method: "DELETE",
  path: "/v1/keys/{provider}",
  summary: "Forget a key",
  input: z.strictObject(which),
  output: z.object({ id: z.string(), provider: z.string(), name: z.string() }),
  errors: ["not_found", "conflict"],
  localFlags: [forceFlag],
});

const keysTest = operation({
  id: "keys.test",
  access: "admin",
  method: "POST",
  path: "/v1/keys/{provider}/test",
  summary: "Make one small call with a key; it fails when the provider does not take it",
  input: z.strictObject(which),
  output: z.object({
    provider: z.string(),
    name: z.string(),
    health: z.enum(healths),
    message: z.string().describe("What came of it"),
  }),
  errors: ["not_found", "conflict", "action_failed", "timeout"],
});

const rotateMaster = operation({
  id: "keys.rotate-master",
  access: "admin",
  method: "POST",
  path: "/v1/vault/rotate-master",
  summary: "Encrypt all keys anew, with another master key",
  description: "All at once or not at all, also when the daemon is killed meanwhile.",
  input: z.strictObject({}),
  output: z.object({
    keys: z.number().int().describe("How many keys were encrypted anew"),
    masterKey: z.string().describe("Id of the master key now, by which records name it"),
    file: z.string().describe("The file that holds it"),
  }),
  errors: ["conflict", "config_invalid"],
});

const passphrase = z
  .string()
  .min(12)
  .max(1024)
  .describe("What the backup is encrypted with")
  .meta({ cli: { hidden: true } });

const backup = operation({
  id: "vault.backup",
  verb: null,
  access: "admin",
  method: "POST",
  path: "/v1/vault/backup",
  summary: "All keys in one text that a passphrase opens",
  description:
    "JSON, encrypted with AES-256-GCM under a key that argon2id makes of the passphrase.",
  input: z.strictObject({ passphrase }),
  output: z.object({ backup: z.string(), keys: z.number().int() }),
  errors: ["conflict"],
});

const named = z.object({ provider: z.string(), name: z.string() });

const restore = operation({
  id: "vault.restore",
  verb: null,
  access: "admin",
  method: "POST",
  path: "/v1/vault/restore",
  summary: "Take the keys of a backup in, all or none",
  input: z.strictObject({
    backup: z.string().min(1).max(8_000_000).describe("The text of a backup"),
    passphrase,
    replace: z
      .boolean()
      .default(false)
      .describe("Put them in the place of keys that have the same provider and name"),
  }),
  output: z.object({
    restored: z.array(named),
    kept: z.array(named).describe("Those that were there already, and are as they were"),
  }),
  errors: ["conflict", "config_invalid"],
});

export const keyOperations = [
  keysSet,
  keysList,
  keysRotate,
  keysTest,
  keysRemove,
  rotateMaster,
  backup,
  restore,
] as const;
