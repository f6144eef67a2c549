import { z } from "zod";
import type { Listing } from "./listing.ts";
import type { Model, Price, Rates } from "./provider.ts";

/** Most models of one provider that are taken. */
const maxModels = 5000;
const rate = z.number().min(0).max(1e5);
const count = z.number().min(0).max(1e10);

const cost = z.object({
  input: rate,
  output: rate,
  cache_read: rate.optional(),
  cache_write: rate.optional(),
});

/** What is used of a model in models.dev's `api.json` (its packages/core/src/schema.ts). */
const entry = z.object({
  id: z.string().min(1).max(200),
  tool_call: z.boolean().optional(),
  modalities: z
    .object({ input: z.array(z.string()).max(20), output: z.array(z.string()).max(20) })
    .optional(),
  limit: z.object({ context: count, output: count }).partial().optional(),
  cost: cost
    .extend({
      tiers: z
        .array(cost.extend({ tier: z.object({ size: count }) }))
        .max(10)
        .optional(),
    })
    .optional(),
});
type Entry = z.output<typeof entry>;

const api = z.record(z.string(), z.object({ models: z.record(z.string(), z.unknown()) }));

/**
 * The models of those providers in `api.json`, which is not trusted: a model that does not have the
 * form is left out, and nothing but models and prices is taken, least of all where to send keys.
 * Throws when it is no such file at all.
 */
export function readModelsDev(json: unknown, ids: readonly string[], date: string): Listing {
  const parsed = api.parse(json);
  const providers = ids.flatMap((id) => {
    const found = Object.hasOwn(parsed, id) ? Object.values(parsed[id]?.models ?? {}) : [];
    const models = found.slice(0, maxModels).flatMap((each) => {
      const { success, data } = entry.safeParse(each);
      return success && isText(data) ? [modelOf(data)] : [];
    });
    models.sort((a, b) => (a.id < b.id ? -1 : 1));
    return models.length > 0 ? [[id, models] as const] : [];
  });
  return { date, providers: Object.fromEntries(providers) };
}

/** Pictures and sounds are asked for in other ways than those that the gateway has. */
function isText({ modalities }: Entry): boolean {
  return modalities === undefined || modalities.output.includes("text");
}

function modelOf({ id, limit, modalities, tool_call, cost }: Entry): Model {
  return {
    id,
    context: Math.floor(limit?.context ?? 0) || null,
    maxOutput: Math.floor(limit?.output ?? 0) || null,
    vision: modalities?.input.includes("image") ?? null,
    tools: tool_call ?? null,
    price: priceOf(id, cost),
  };
}

/** Nothing is free unless its name says so: a price of 0 there means that nobody has filled it in. */
function priceOf(id: string, cost: Entry["cost"]): Price | null {
  if (!cost) return null;
  if (cost.input === 0 && cost.output === 0 && !/\bfree\b/.test(id)) return null;
  const tiers = (cost.tiers ?? []).map((each) => ({
    above: Math.floor(each.tier.size),
    ...ratesOf(each),
  }));
  return { ...ratesOf(cost), tiers };
}

/** What is read from a cache or written into it is not free either. */
function ratesOf(it: z.output<typeof cost>): Rates {
  return {
    input: it.input,
    output: it.output,
    cachedInput: it.cache_read || null,
    cacheWrite: it.cache_write || null,
  };
}
