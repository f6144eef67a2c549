import type { ModelEntry, ProviderEntry, RouteEntry } from "../../src/contract/gateway.ts";
import {
  formatsOf,
  nameOf,
  type Price,
  type Provider,
  type Target,
} from "../gateway/providers/provider.ts";
import type { RouteView } from "../gateway/routing/routing.ts";

/** A model as `gateway models` shows it. */
export function modelEntry(target: Target, usable: boolean): ModelEntry {
  const { provider, model } = target;
  const { context, maxOutput, vision, tools, price } = model;
  return {
    name: nameOf(target),
    provider: provider.id,
    model: model.id,
    context,
    maxOutput,
    vision,
    tools,
    formats: formatsOf(target),
    price: ratesOf(price),
    usable,
  };
}

/** A provider as `gateway providers` shows it; `file` is the user's own, if there is one. */
export function providerEntry(
  provider: Provider,
  usable: boolean,
  file: string | null,
): ProviderEntry {
  const { id, name, baseUrl, formats, local, anyModel, models, auth } = provider;
  return {
    id,
    name,
    baseUrl,
    formats: Object.keys(formats) as ProviderEntry["formats"],
    local,
    keyed: auth !== null,
    usable,
    models: models.length,
    anyModel,
    file,
  };
}

/** A route as `gateway routes` shows it. */
export function routeEntry(
  { name, strategy, targets, unknown }: RouteView,
  isUsable: (provider: Provider) => boolean,
): RouteEntry {
  return {
    name,
    strategy,
    targets: targets.map(({ target, firstMs }) => ({
      name: nameOf(target),
      price: ratesOf(target.model.price),
      firstMs,
      usable: isUsable(target.provider),
    })),
    unknown,
  };
}

function ratesOf(price: Price | null): ModelEntry["price"] {
  if (price === null) return null;
  const { input, output, cachedInput, cacheWrite } = price;
  return { input, output, cachedInput, cacheWrite };
}
