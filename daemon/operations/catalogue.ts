import { NexoraError } from "../../src/contract/errors.ts";
import type { catalogueOperations } from "../../src/contract/gateway.ts";
import { nearest } from "../../src/nearest.ts";
import { messageOf } from "../../src/thrown.ts";
import type { Catalogue } from "../gateway/providers/catalogue.ts";
import type { DefinitionFile } from "../gateway/providers/definition-file.ts";
import type { ProviderFiles } from "../gateway/providers/files.ts";
import { askForModels, canBeAsked } from "../gateway/providers/local-models.ts";
import type { Provider, Target } from "../gateway/providers/provider.ts";
import type { Routing } from "../gateway/routing/routing.ts";
import { modelEntry, providerEntry, routeEntry } from "./catalogue-entries.ts";
import type { HandlersOf } from "./handler.ts";

export interface CatalogueParts {
  catalogue: Catalogue;
  files: ProviderFiles;
  routing: Pick<Routing, "show" | "names">;
  /** Whether there is a key that can be used for a provider. */
  hasKey(provider: string): boolean;
}

/** null: the gateway is disabled. */
export function catalogueHandlers(
  parts: CatalogueParts | null,
): HandlersOf<typeof catalogueOperations> {
  return {
    "gateway.models": {
      async reply({ query = "", provider, vision, tools, all }, { signal }) {
        const { catalogue, hasKey } = on(parts);
        if (provider !== undefined) known(catalogue, provider);
        const wanted = query.toLowerCase();
        const asked = catalogue
          .providers()
          .filter((each) =>
            provider === undefined ? all || isUsable(each, hasKey) : each.id === provider,
          );
        const lists = await Promise.all(asked.map((each) => targetsOf(catalogue, each, signal)));
        const models = lists
          .flat()
          .map((target) => modelEntry(target, isUsable(target.provider, hasKey)))
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
        const providers = catalogue.providers().map((each) => {
          return providerEntry(each, isUsable(each, hasKey), files.find(each.id));
        });
        return { providers, problems, folder: files.folder, listed: catalogue.listed };
      },
    },
    "gateway.routes": {
      reply({ model }) {
        const { routing, hasKey, catalogue } = on(parts);
        const views = (model === undefined ? routing.names() : [model]).map((name) => {
          const view = routing.show(name);
          if (!view) throw noModel(name, catalogue);
          return routeEntry(view, (each) => isUsable(each, hasKey));
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
  throw new NexoraError("conflict", "the gateway is disabled", {
    hint: "set `gateway.enabled` in the configuration to true, and restart the daemon",
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
    const message = messageOf(cause).replace(/^baseUrl:/, "url:");
    throw new NexoraError("usage", message, { cause });
  }
}

function isUsable(provider: Provider, hasKey: CatalogueParts["hasKey"]): boolean {
  return provider.auth === null || hasKey(provider.id);
}

/** What is listed of a provider's models, and what it says itself if nobody else can know. */
async function targetsOf(
  catalogue: Catalogue,
  provider: Provider,
  signal: AbortSignal,
): Promise<Target[]> {
  const listed = provider.models.map((model) => ({ provider, model }));
  if (!canBeAsked(provider)) return listed;
  const known = new Set(provider.models.map(({ id }) => id));
  const found = (await askForModels(provider, signal)).filter((id) => !known.has(id));
  return [...listed, ...found.flatMap((id) => catalogue.find(`${provider.id}/${id}`))];
}
