import { randomBytes } from "node:crypto";
import { basename } from "node:path";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** A fresh session id: `s_` and ten characters of Crockford's base 32 (50 random bits). */
export function newSessionId(): string {
  return `s_${[...randomBytes(10)].map((byte) => alphabet[byte & 31]).join("")}`;
}

/** A name for a session on this folder that no other has: `shop`, `shop-2`, … */
export function nameFor(workspace: string | null, taken: ReadonlySet<string>): string {
  const stem =
    basename(workspace ?? "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 32) || "desk";
  if (!taken.has(stem)) return stem;
  for (let count = 2; ; count++) if (!taken.has(`${stem}-${count}`)) return `${stem}-${count}`;
}
