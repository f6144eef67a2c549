import { NexoraError } from "../../src/contract/errors.ts";
import type {
  catalogueOperations,
  ModelEntry,
  ProviderEntry,
  RouteEntry,
} from "../../src/contract/gateway.ts";
import { nearest } from "../../src/nearest.ts";
import type { Catalogue } from "../gateway/providers/catalogue.ts";
import type { DefinitionFile } from "../gateway/providers/definition-file.ts";
import type { ProviderFiles } from "../gateway/providers/files.ts";
import { nameOf, type Price, type Provider } from "../gateway/providers/provider.ts";
import type { RouteView, Routing } from "../gateway/routing/routing.ts";
import type { HandlersOf } from "./handler.ts";

export interface CatalogueParts {
  catalogue: Catalogue;
  files: ProviderFiles;
  routing: Pick<Routing, "show" | "names">;
  /** Whether there is a key that can be used for a provider. */
  hasKey(provider: string): boolean;
}

/** null: the gateway is switched off. */
export function catalogueHandlers(
  parts: CatalogueParts | null,
): HandlersOf<typeof catalogueOperations> {
  return {
    "gateway.models": {
      reply({ query = "", provider, vision, tools, all }) {
        const { catalogue, hasKey } = on(parts);
        if (provider !== undefined) known(catalogue, provider);
        const wanted = query.toLowerCase();
        const models = catalogue
          .providers()
          .filter(({ id }) => provider === undefined || id === provider)
          .map((each) => ({ each, usable: isUsable(each, hasKey) }))
          .filter(({ usable }) => usable || all || provider !== undefined)
          .flatMap(({ each, usable }) => each.models.map((model) => entryOf(each, model, usable)))
          .filter((it) => it.name.toLowerCase().includes(wanted))
          .filter((it) => (!vision || it.vision === true) && (!tools || it.tools === true));
        return { models, listed: catalogue.listed };
      },
    },
    "gateway.providers": {
      reply() {
        const { catalogue, files, hasKey } = on(parts);
        const { definitions, problems } = files.read();
        catalogue.redefine(definitions);
        const providers = catalogue.providers().map((each) => shown(each, files, hasKey));
        return { providers, problems, folder: files.folder, listed: catalogue.listed };
      },
    },
    "gateway.routes": {
      reply({ model }) {
        const { routing, hasKey, catalogue } = on(parts);
        const views = (model === undefined ? routing.names() : [model]).map((name) => {
          const view = routing.show(name);
          if (!view) throw noModel(name, catalogue);
          return routeOf(view, hasKey);
        });
        return { routes: views };
      },
    },
    "gateway.provider.add": {
      reply(input) {
        const { catalogue, files } = on(parts);
        const { id } = input;
        if (catalogue.provider(id) || files.find(id)) throw taken(id, files);
        const file = written(files, id, definitionOf(input));
        catalogue.redefine(files.read().definitions);
        return { id, file };
      },
    },
    "gateway.provider.rm": {
      reply({ provider: id }) {
        const { catalogue, files } = on(parts);
        const file = files.remove(id);
        if (file === null) {
          throw new NexoraError("not_found", `you have no file for a provider ${id}`, {
            hint: catalogue.original(id)
              ? "it comes with Nexora; without a key it is not used"
              : "`nexora gateway providers` lists them",
          });
        }
        catalogue.redefine(files.read().definitions);
        return { id, file };
      },
    },
  };
}

function on(parts: CatalogueParts | null): CatalogueParts {
  if (parts) return parts;
  throw new NexoraError("conflict", "the gateway is switched off", {
    hint: 'set "gateway": {"enabled": true} in the configuration, then `nexora daemon restart`',
  });
}

function known(catalogue: Catalogue, id: string): void {
  if (catalogue.provider(id)) return;
  const ids = catalogue.providers().map((each) => each.id);
  const near = nearest(id, ids, 3);
  throw new NexoraError("not_found", `there is no provider ${id}`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(", ")}?`
        : "`nexora gateway providers` lists them",
  });
}

function noModel(name: string, catalogue: Catalogue): NexoraError {
  const near = catalogue.nearest(name);
  return new NexoraError("not_found", `there is no model or route ${JSON.stringify(name)}`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(", ")}?`
        : "`nexora gateway models --all` lists them",
  });
}

function taken(id: string, files: ProviderFiles): NexoraError {
  const file = files.find(id);
  return new NexoraError("name_taken", `there is a provider ${id} already`, {
    hint: file
      ? `edit ${file}, or remove it with \`nexora gateway provider rm ${id}\``
      : `choose another name, or write what should be different into ${files.folder}/${id}.yaml`,
  });
}

interface Added {
  url: string;
  format: NonNullable<DefinitionFile["formats"]>;
  model: string[];
  authHeader: string;
  keyless: boolean;
  header: string[];
}

function definitionOf(added: Added): DefinitionFile {
  const { authHeader, keyless, header, model } = added;
  const bearer = authHeader.toLowerCase() === "authorization";
  return {
    baseUrl: added.url,
    formats: added.format,
    auth: keyless ? null : { header: authHeader, scheme: bearer ? "Bearer" : null },
    ...(header.length > 0 ? { headers: Object.fromEntries(header.map(splitHeader)) } : {}),
    ...(model.length > 0 ? { models: model.map((id) => ({ id })) } : {}),
  };
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function written(files: ProviderFiles, id: string, definition: DefinitionFile): string {
  try {
    return files.write(id, definition);
  } catch (cause) {
    // In the words of the request, which calls it by a shorter name.
    const message = (cause as Error).message.replace(/^baseUrl:/, "url:");
    throw new NexoraError("usage", message, { cause });
  }
}

function isUsable(provider: Provider, hasKey: CatalogueParts["hasKey"]): boolean {
  return provider.auth === null || hasKey(provider.id);
}

function entryOf(
  provider: Provider,
  model: Provider["models"][number],
  usable: boolean,
): ModelEntry {
  const { id, price, ...rest } = model;
  return {
    name: nameOf({ provider, model }),
    provider: provider.id,
    model: id,
    ...rest,
    price: ratesOf(price),
    usable,
  };
}

function shown(
  provider: Provider,
  files: ProviderFiles,
  hasKey: CatalogueParts["hasKey"],
): ProviderEntry {
  const { id, name, baseUrl, formats, local, anyModel, models, auth } = provider;
  return {
    id,
    name,
    baseUrl,
    formats: Object.keys(formats) as ProviderEntry["formats"],
    local,
    keyed: auth !== null,
    usable: isUsable(provider, hasKey),
    models: models.length,
    anyModel,
    file: files.find(id),
  };
}

function routeOf(view: RouteView, hasKey: CatalogueParts["hasKey"]): RouteEntry {
  return {
    name: view.name,
    strategy: view.strategy,
    targets: view.targets.map(({ target, firstMs }) => ({
      name: nameOf(target),
      price: ratesOf(target.model.price),
      firstMs,
      usable: isUsable(target.provider, hasKey),
    })),
    unknown: view.unknown,
  };
}

function ratesOf(price: Price | null): ModelEntry["price"] {
  if (price === null) return null;
  const { tiers: _, ...rates } = price;
  return rates;
}
