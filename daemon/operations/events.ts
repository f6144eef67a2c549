import type { auditOperations } from "../../src/contract/audit.ts";
import type { eventOperations } from "../../src/contract/events.ts";
import type { Audit } from "../events/audit.ts";
import type { Events } from "../events/events.ts";
import type { HandlersOf } from "./handler.ts";

export function eventHandlers(events: Events): HandlersOf<typeof eventOperations> {
  return {
    events: {
      async reply(input, { principal }) {
        return { events: await events.list({ ...input, visible: principal.sessions }) };
      },
      stream: (input, { principal, signal }) =>
        events.follow({ ...input, visible: principal.sessions }, signal),
    },
  };
}

export function auditHandlers(audit: Audit): HandlersOf<typeof auditOperations> {
  return {
    audit: {
      reply: async (input) => ({ entries: await audit.list(input) }),
      stream: (input, { signal }) => audit.follow(input, signal),
    },
  };
}
