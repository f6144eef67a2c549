import { GatewayError } from "../error.ts";
import type { WireFormat } from "../formats/format.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Caller } from "../limits/caller.ts";
import type { Catalogue } from "../providers/catalogue.ts";
import { nameOf, type Target } from "../providers/provider.ts";

export interface ModelsParts {
  catalogue: Pick<Catalogue, "providers" | "find">;
  /** Whether a provider has a key, or needs none. */
  isUsable: (provider: string) => boolean;
  /** Names of routes, without `route/`. */
  routes: readonly string[];
}

/** When a model was made is not known: the protocols want a date all the same. */
const since = { seconds: 0, text: "1970-01-01T00:00:00Z" };

/** The models that a caller may use, as its protocol lists them. Throws `model_not_found`. */
export function listModels(
  { catalogue, isUsable, routes }: ModelsParts,
  { format, id }: { format: WireFormat; id: string | null },
  caller: Caller,
): JsonObject {
  const shown = (target: Target) =>
    isUsable(target.provider.id) && caller.may(target.provider.id, target.model.id);
  const entry = format === "anthropic-messages" ? ofAnthropic : ofOpenAi;
  if (id !== null) {
    const found = catalogue.find(id).find(shown);
    if (found) return entry(id, found.provider.id);
    throw new GatewayError(
      "model_not_found",
      `there is no model ${JSON.stringify(id)} for this token`,
    );
  }
  const targets = catalogue
    .providers()
    .flatMap((provider) => provider.models.map((model) => ({ provider, model })))
    .filter(shown);
  const data = [
    ...routes.map((route) => entry(`route/${route}`, "nexora")),
    ...targets.map((target) => entry(nameOf(target), target.provider.id)),
  ];
  if (format !== "anthropic-messages") return { object: "list", data };
  const ids = data.map((each) => each.id ?? null);
  return { data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null };
}

function ofOpenAi(id: string, owner: string): JsonObject {
  return { id, object: "model", created: since.seconds, owned_by: owner };
}

function ofAnthropic(id: string): JsonObject {
  return { type: "model", id, display_name: id, created_at: since.text };
}
