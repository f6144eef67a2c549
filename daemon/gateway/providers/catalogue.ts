import { nearest } from "../../../src/nearest.ts";
import type { Definition } from "./built-in.ts";
import { costOf } from "./cost.ts";
import { mergeModels, type UserDefinition } from "./definition-file.ts";
import type { Listing } from "./listing.ts";
import { type Model, nameOf, type Provider, type Target, unknownModel } from "./provider.ts";

/** Most characters of a name that is looked up. */
const maxName = 300;
const free = { input: 0, output: 0, cachedInput: null, cacheWrite: null, tiers: [] };

/** A provider with its models by id and by key. */
interface Shelf {
  provider: Provider;
  byId: ReadonlyMap<string, Model>;
  byKey: ReadonlyMap<string, Model>;
}

/**
 * Which providers there are, their models, and what these cost. Held in memory, and made anew when
 * a listing or a user's file changes; who has a provider or a target of before may go on with it.
 */
export class Catalogue {
  private shelves = new Map<string, Shelf>();
  private byKey = new Map<string, Target[]>();

  constructor(
    private readonly builtIn: readonly Definition[],
    private listing: Listing,
    private own: readonly UserDefinition[] = [],
  ) {
    this.stock();
  }

  /** The day that models and prices are of. */
  get listed(): string {
    return this.listing.date;
  }

  /** Takes newer models and prices; what the user says of them stays. */
  relist(listing: Listing): void {
    this.listing = listing;
    this.stock();
  }

  /** Takes the user's own definitions, in place of those of before. */
  redefine(own: readonly UserDefinition[]): void {
    this.own = own;
    this.stock();
  }

  /** The user's own first, then in the order in which they are preferred at the same price. */
  providers(): Provider[] {
    return [...this.shelves.values()].map(({ provider }) => provider);
  }

  provider(id: string): Provider | null {
    return this.shelves.get(id)?.provider ?? null;
  }

  /** A provider as it comes with Nexora. */
  original(id: string): Definition | null {
    return this.builtIn.find((each) => each.id === id) ?? null;
  }

  /**
   * What a name means: `PROVIDER/MODEL` is one model of one provider; `MODEL` is that of every
   * provider that has it, whatever vendor's prefix, case and punctuation it has there. Empty: unknown.
   */
  find(name: string): Target[] {
    if (name.length > maxName) return [];
    const slash = name.indexOf("/");
    const shelf = slash < 0 ? undefined : this.shelves.get(name.slice(0, slash));
    const model = shelf && modelOn(shelf, name.slice(slash + 1));
    if (shelf && model) return [{ provider: shelf.provider, model }];
    return this.byKey.get(keyOf(name)) ?? [];
  }

  /** Known names that an unknown one may have meant, nearest first. */
  nearest(name: string): string[] {
    const wanted = name.slice(0, 100);
    const slash = wanted.indexOf("/");
    const shelf = this.shelves.get(wanted.slice(0, Math.max(0, slash)));
    if (shelf) {
      const found = nearest(wanted.slice(slash + 1), shelf.byId.keys(), 5);
      return found.map((id) => `${shelf.provider.id}/${id}`);
    }
    // Each model once, as the first who has it writes it.
    const known = [...this.byKey].flatMap(([key, [first]]) => (first ? [{ key, first }] : []));
    const names = known.map(({ key, first }) => {
      if (slash >= 0) return nameOf(first);
      return key.includes("/") ? "" : shortOf(first.model.id);
    });
    return nearest(wanted, new Set(names), 5);
  }

  /** US dollars; null when the price or the number of tokens is unknown. */
  costOf(provider: string, model: string, usage: Parameters<typeof costOf>[1]): number | null {
    const shelf = this.shelves.get(provider);
    return costOf((shelf && modelOn(shelf, model)?.price) ?? null, usage);
  }

  private stock(): void {
    const changed = new Map(this.own.map((each) => [each.definition.id, each]));
    const added = this.own.filter(({ definition }) => !this.original(definition.id));
    const all = [
      ...added,
      ...this.builtIn.map((each) => changed.get(each.id) ?? { definition: each, models: [] }),
    ];
    this.shelves = new Map(all.map((each) => [each.definition.id, this.shelfOf(each)]));
    this.byKey = new Map();
    for (const { provider, byKey } of this.shelves.values()) {
      for (const [key, model] of byKey) push(this.byKey, key, { provider, model });
    }
  }

  private shelfOf({ definition, models }: UserDefinition): Shelf {
    const { listedAs, narrow, ...rest } = definition;
    const listed = listedAs === null ? [] : (this.listing.providers[listedAs] ?? []);
    const narrowed = listed.map((model) => {
      const only = narrow.find((each) => each.models.test(model.id));
      return only ? { ...model, formats: only.formats } : model;
    });
    const merged = mergeModels(narrowed, models).map((model) => priced(rest, model));
    const byKey = new Map<string, Model>();
    for (const model of merged) byKey.set(keyOf(model.id), model);
    // Of several that differ in their prefix only, the first is meant.
    for (const model of merged) {
      const key = keyOf(shortOf(model.id));
      if (!byKey.has(key)) byKey.set(key, model);
    }
    return {
      provider: { ...rest, models: merged },
      byId: new Map(merged.map((model) => [model.id, model])),
      byKey,
    };
  }
}

/** What costs nothing because it runs on this machine has that as its price. */
function priced({ local }: Pick<Provider, "local">, model: Model): Model {
  return local && model.price === null ? { ...model, price: free } : model;
}

function modelOn({ provider, byId, byKey }: Shelf, id: string): Model | null {
  const known = byId.get(id) ?? (provider.anyModel ? undefined : byKey.get(keyOf(id)));
  if (known || !provider.anyModel || id === "") return known ?? null;
  return priced(provider, unknownModel(id));
}

/** A model's id without the vendor or folder before it: `accounts/…/models/kimi-k2` → `kimi-k2`. */
function shortOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** What is the same for one model everywhere: `Claude-Sonnet-4.5`, `claude-sonnet-4-5`, `kimi-k2p5`. */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/(?<=\d)p(?=\d)/g, "-")
    .replaceAll(".", "-");
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const found = map.get(key);
  if (found) found.push(value);
  else map.set(key, [value]);
}
