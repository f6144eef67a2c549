import type { Passage } from "../format.ts";
import { type JsonObject, objectOf, parseObject, textOf } from "../json.ts";

/** A request whose reply the client gets as it comes. */
export function asItIs(body: JsonObject): Passage {
  return { body, hides: () => false, event: () => null, reply: () => null };
}

/**
 * Replies of Messages say the model by the name that it was asked for. Claude Code throws its thinking
 * away when another one has answered, and Anthropic refuses to go on without.
 */
export function underItsName(asked: string): Pick<Passage, "event" | "reply"> {
  return {
    event({ event, data }) {
      if (!data.includes('"message_start"')) return null;
      const start = parseObject(data);
      if (start?.type !== "message_start") return null;
      const message = { ...objectOf(start.message), model: asked };
      return { event, data: JSON.stringify({ ...start, message }) };
    },
    reply: (body) => (textOf(body.model) ? { ...body, model: asked } : null),
  };
}
