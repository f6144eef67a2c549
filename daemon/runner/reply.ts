import type { z } from "zod";
import { type ErrorCode, NexoraError } from "../../src/contract/errors.ts";
import { plainLine, plainText } from "../../src/plain-text.ts";

/** Longest JSON reply, in bytes. */
const maxReply = 32 * 1024 * 1024;

/** What may be behind a reply that no runner gives. */
export const impostor = {
  hint: "something may have taken the runner's place: restart the session, see `nexora session logs`",
};

/** A reply as its schema has it. Throws `engine_failed` that names the field. */
export async function checked<T>(schema: z.ZodType<T>, reply: Response): Promise<T> {
  const { success, data, error } = schema.safeParse(await bodyOf(reply));
  if (success) return data;
  const [issue] = error.issues;
  const where = issue?.path.join(".") || "it";
  throw new NexoraError(
    "engine_failed",
    `the runner's reply is not one that a runner gives: ${plainLine(`${where}: ${issue?.message}`)}`,
    impostor,
  );
}

export async function bodyOf(reply: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of reply.body ?? []) {
    length += chunk.length;
    if (length > maxReply) {
      throw new NexoraError("engine_failed", "the runner's reply is too long", impostor);
    }
    chunks.push(chunk);
  }
  return parsed(Buffer.concat(chunks).toString("utf8"));
}

/** JSON of a runner, without control characters. Throws `engine_failed`. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text, controls.test(text) ? withoutControls : undefined);
  } catch (cause) {
    throw new NexoraError("engine_failed", "the runner's reply is not JSON", {
      ...impostor,
      cause,
    });
  }
}

/** What a runner may be the cause of. */
const ownCodes: readonly ErrorCode[] = [
  ...(["usage", "too_large", "unauthorized", "forbidden", "not_found", "conflict"] as const),
  ...(["action_failed", "engine_failed", "timeout", "interrupted", "unexpected"] as const),
];

/** An error in a runner's words: one line. Advice of its own would be printed as ours: it goes. */
export function foreign(body: unknown): NexoraError {
  const { code, message } = NexoraError.fromJSON(body);
  return new NexoraError(ownCodes.includes(code) ? code : "engine_failed", plainLine(message));
}

/** Control characters as JSON has them: a false runner could make a terminal obey them. */
const controls = /\\u00[0189]|\\u007f|\\[bfr]|[\x7f-\x9f]/i;

function withoutControls(_: string, value: unknown): unknown {
  return typeof value === "string" ? plainText(value) : value;
}
