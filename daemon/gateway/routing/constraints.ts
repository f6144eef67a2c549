import type { RouteConfig, WireFormat } from "../../../src/contract/gateway.ts";
import { formatsOf, nameOf, type Target } from "../providers/provider.ts";

/** What a request needs of a model. */
export interface Needs {
  vision: boolean;
  tools: boolean;
}

export interface Demands {
  needs: Needs;
  /** Estimated. */
  inputTokens: number;
  /** The format that the client speaks; null: whichever. */
  client: WireFormat | null;
}

/** How far the estimate of a request's tokens may be off, before a model is held to be too small. */
const slack = 1.25;

/** Whether a provider can be asked by a client of that format. */
export type Speaks = (client: WireFormat, provider: WireFormat) => boolean;

/**
 * Why a target cannot take a request, as a sentence; null when it can, as far as is known: what is
 * unknown of a model does not speak against it, except where a price limit is set.
 */
export function obstacle(
  target: Target,
  { needs, inputTokens, client }: Demands,
  route: Partial<RouteConfig>,
  speaks: Speaks,
): string | null {
  const { model } = target;
  const name = nameOf(target);
  if (client && !formatsOf(target).some((format) => speaks(client, format))) {
    return `${name} cannot be asked in the format ${client}`;
  }
  if ((needs.vision || route.vision) && model.vision === false) return `${name} takes no pictures`;
  if ((needs.tools || route.tools) && model.tools === false) return `${name} calls no tools`;
  const { context } = model;
  if (context !== null && inputTokens > context * slack) {
    return `${name} takes ${context} tokens, and these are about ${Math.round(inputTokens)}`;
  }
  if (context !== null && context < (route.minContext ?? 0)) {
    return `${name} takes ${context} tokens, and the route asks for ${route.minContext}`;
  }
  return tooDear(target, route);
}

function tooDear(target: Target, { maxInputPrice, maxOutputPrice }: Partial<RouteConfig>) {
  if (maxInputPrice === undefined && maxOutputPrice === undefined) return null;
  const { price } = target.model;
  if (price === null) return `${nameOf(target)} has no known price, and the route sets a limit`;
  const within =
    price.input <= (maxInputPrice ?? Number.POSITIVE_INFINITY) &&
    price.output <= (maxOutputPrice ?? Number.POSITIVE_INFINITY);
  return within ? null : `${nameOf(target)} costs more than the route's limit`;
}
