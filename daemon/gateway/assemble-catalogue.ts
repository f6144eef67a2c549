import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../../src/contract/config.ts";
import type { Paths } from "../../src/paths.ts";
import type { Logger } from "../log.ts";
import type { CatalogueParts } from "../operations/catalogue.ts";
import { builtIn } from "./providers/built-in.ts";
import { Catalogue } from "./providers/catalogue.ts";
import { ProviderFiles } from "./providers/files.ts";
import { type ListingFile, readListing } from "./providers/listing.ts";
import { Refresh, readKept } from "./providers/refresh.ts";
import type { Speaks } from "./routing/constraints.ts";
import { Routing } from "./routing/routing.ts";

export interface CatalogueNeeds {
  config: Config["gateway"];
  paths: Pick<Paths, "config" | "cache">;
  env: Record<string, string | undefined>;
  /** File with the models and prices that come with the release. */
  snapshot: string;
  speaks: Speaks;
  /** Whether there is a key that can be used for a provider. */
  hasKey(provider: string): boolean;
  /** Whether there is any key: without one nobody is asked for newer prices. */
  wanted(): boolean;
  log: Logger;
}

/** Providers, models, prices and routes. Disposing it ends what keeps prices up to date. */
export interface AssembledCatalogue extends CatalogueParts, Disposable {
  routing: Routing;
}

/** Reads what is known of providers and models, and begins to keep it up to date. */
export function assembleCatalogue(needs: CatalogueNeeds): AssembledCatalogue {
  const { config, paths, env, speaks, hasKey, wanted, log } = needs;
  const file = join(paths.cache, "models.json");
  const released = readListing(JSON.parse(readFileSync(needs.snapshot, "utf8")) as ListingFile);
  const kept = readKept(file);
  const current = kept && kept.date > released.date ? kept : released;

  const catalogue = new Catalogue(builtIn, current);
  const folder = join(dirname(paths.config), "providers");
  const files = new ProviderFiles(folder, (id) => catalogue.original(id));
  const { definitions, problems } = files.read();
  catalogue.redefine(definitions);
  for (const problem of problems) log.warn("a provider's file cannot be used", { ...problem });

  const { routes, strategy } = config;
  const routing = new Routing({ catalogue, routes, strategy, speaks });
  const url = env.NEXORA_MODELS_URL ?? config.refresh.url;
  const everyMs = url === "" ? 0 : config.refresh.everyMs;
  const ids = builtIn.flatMap(({ listedAs }) => listedAs ?? []);
  const refresh = new Refresh({ url, everyMs, file, catalogue, ids, current, wanted, log });
  refresh.start();
  return { catalogue, files, routing, hasKey, [Symbol.dispose]: () => refresh[Symbol.dispose]() };
}
