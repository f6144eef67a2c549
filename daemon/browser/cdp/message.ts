import { gone } from "./protocol.ts";

/** An answer or an event; what is in it is not checked. */
export interface Message {
  id?: unknown;
  method?: unknown;
  params?: unknown;
  sessionId?: unknown;
  result?: unknown;
  error?: unknown;
}

/** Throws `engine_failed` for what is no JSON object. */
export function parseMessage(text: string): Message {
  try {
    const message: unknown = JSON.parse(text);
    if (isRecord(message)) return message;
  } catch {
    // Below.
  }
  throw gone("the browser does not speak its protocol: a message is no JSON object");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
