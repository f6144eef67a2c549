import { z } from "zod";
import type { Deed } from "../../daemon/events/audit.ts";
import type { HandlersOf } from "../../daemon/operations/handler.ts";
import { Registry, type SessionFinder } from "../../daemon/operations/registry.ts";
import type { Principal } from "../../daemon/principals/principal.ts";
import { Turns } from "../../daemon/turns.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { operation } from "../../src/contract/operation.ts";

const ping = operation({
  id: "ping",
  access: "act",
  method: "POST",
  path: "/v1/ping/{who}",
  summary: "Ping",
  input: z.strictObject({ who: z.string(), times: z.number().int().max(3).default(1) }),
  output: z.object({ pong: z.string() }),
  errors: ["conflict"],
});

const count = operation({
  id: "count",
  access: "read",
  method: "GET",
  path: "/v1/count",
  summary: "Count",
  input: z.strictObject({
    to: z.number().int(),
    since: z.number().int().default(0),
    follow: z.boolean().default(false),
  }),
  output: z.object({ to: z.number() }),
  stream: {
    out: "items",
    item: z.object({ id: z.number(), type: z.string() }),
    asked: "follow",
    resume: "since",
  },
  errors: [],
});

const settle = operation({
  id: "settle",
  access: "admin",
  method: "POST",
  path: "/v1/settle",
  summary: "Decide about all",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
});

const operations = [ping, count, settle] as const;

const handlers: HandlersOf<typeof operations> = {
  ping: {
    reply({ who, times }) {
      if (who === "taken") throw new NexoraError("conflict", "it is taken");
      if (who === "advice") {
        throw new NexoraError("conflict", "no (raise --memory)", { hint: "`nexora session ls`" });
      }
      if (who === "surprise") throw new NexoraError("disk_full", "nobody said so");
      return { pong: who.repeat(times) };
    },
  },
  count: {
    reply: ({ to }) => ({ to }),
    async *stream({ to, since }, { signal }) {
      for (let id = since + 1; id <= to && !signal.aborted; id++) yield { id, type: "number" };
      if (to > 10)
        throw new NexoraError("usage", "that is too much", { hint: "see `nexora doctor`" });
    },
  },
  settle: { reply: () => ({}) },
};

const noSessions: SessionFinder = {
  running: () => Promise.reject(new Error("no operation here has a session")),
  row: () => Promise.reject(new Error("no operation here has a session")),
  hold: () => ({ [Symbol.dispose]() {} }),
};

/** Three operations, of each kind of access, with what was written down and what was complained of. */
export function sampleRegistry() {
  const deeds: Deed[] = [];
  const errors: string[] = [];
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (message: string) => void errors.push(message),
  };
  const audit = { record: (deed: Deed) => void deeds.push(deed) };
  const registry = Registry.of(operations, handlers, {
    ...{ sessions: noSessions, audit, log },
    turns: new Turns(),
  });
  return { registry, ping, count, settle, deeds, errors };
}

export function principal(changes: Partial<Principal> = {}): Principal {
  const all = { sessions: null, validity: null };
  return { kind: "token", name: "ci", scope: "admin", ...all, ...changes };
}
