import { z } from "zod";
import type { Model, Price, Rates } from "./provider.ts";

/** What is known of the models of several providers, by the name that models.dev gives these. */
export interface Listing {
  /** The day that it is of, `YYYY-MM-DD`. */
  date: string;
  providers: Record<string, Model[]>;
}

const amount = z.number().min(0).max(1e5);
const ratesRow = z.tuple([amount, amount, amount.nullable(), amount.nullable()]);
const tokens = z.number().int().min(1).max(1e10).nullable();

/** Of a model: context, longest reply, vision, tools, rates, and rates above so many input tokens. */
const modelRow = z.tuple([
  tokens,
  tokens,
  z.boolean().nullable(),
  z.boolean().nullable(),
  ratesRow.nullable(),
  z.array(z.tuple([z.number().int().min(0).max(1e10), ratesRow])).max(10),
]);

/** A listing in its file: rows instead of objects, which is half as long. */
export const listingFile = z.object({
  date: z.iso.date(),
  providers: z.record(z.string().max(100), z.record(z.string().min(1).max(200), modelRow)),
});
export type ListingFile = z.output<typeof listingFile>;
type ModelRow = z.output<typeof modelRow>;
type RatesRow = z.output<typeof ratesRow>;

/** Reads a listing that is known to have the form of its file. */
export function readListing({ date, providers }: ListingFile): Listing {
  const entries = Object.entries(providers).map(([id, rows]) => {
    return [id, Object.entries(rows).map(([model, row]) => modelOf(model, row))] as const;
  });
  return { date, providers: Object.fromEntries(entries) };
}

/** A listing as its file has it. */
export function writeListing({ date, providers }: Listing): ListingFile {
  const entries = Object.entries(providers).map(([id, models]) => {
    return [id, Object.fromEntries(models.map((model) => [model.id, rowOf(model)]))] as const;
  });
  return { date, providers: Object.fromEntries(entries) };
}

/** How many models a listing has. */
export function sizeOf({ providers }: Listing): number {
  return Object.values(providers).reduce((sum, models) => sum + models.length, 0);
}

function modelOf(id: string, row: ModelRow): Model {
  const [context, maxOutput, vision, tools, rates, tiers] = row;
  const price: Price | null = rates && {
    ...ratesOf(rates),
    tiers: tiers.map(([above, other]) => ({ above, ...ratesOf(other) })),
  };
  return { id, context, maxOutput, vision, tools, price };
}

function rowOf({ context, maxOutput, vision, tools, price }: Model): ModelRow {
  const tiers = price?.tiers ?? [];
  return [
    context,
    maxOutput,
    vision,
    tools,
    price && ratesRowOf(price),
    tiers.map((tier) => [tier.above, ratesRowOf(tier)]),
  ];
}

function ratesOf([input, output, cachedInput, cacheWrite]: RatesRow): Rates {
  return { input, output, cachedInput, cacheWrite };
}

function ratesRowOf({ input, output, cachedInput, cacheWrite }: Rates): RatesRow {
  return [input, output, cachedInput, cacheWrite];
}
