import type { WireFormat } from "../../../src/contract/gateway.ts";

/** A header that takes the key, behind the scheme and a space if there is one. */
export interface Auth {
  header: string;
  scheme: string | null;
}

/** US dollars for a million tokens. */
export interface Rates {
  input: number;
  output: number;
  /** Read from the provider's cache; null: as input. */
  cachedInput: number | null;
  /** Written into it; null: as input. */
  cacheWrite: number | null;
}

export interface Price extends Rates {
  /** Other rates for requests with more input tokens than this, of all kinds together. */
  tiers: (Rates & { above: number })[];
}

/** A model as one provider has it; null: unknown. */
export interface Model {
  id: string;
  /** Tokens of a request and its reply together. */
  context: number | null;
  maxOutput: number | null;
  vision: boolean | null;
  tools: boolean | null;
  /** null: unpriced, which is not free. */
  price: Price | null;
  /** The only formats in which it can be asked; absent: all that its provider speaks. */
  formats?: readonly WireFormat[];
}

/** Who serves models, and how it is asked: data, no code. */
export interface Provider {
  id: string;
  name: string;
  /** Without a slash at the end. */
  baseUrl: string;
  /** The formats that it speaks, each with its path below the base URL. */
  formats: Partial<Record<WireFormat, string>>;
  /** How it takes the key; null: it wants none. */
  auth: Auth | null;
  /** For formats in which it takes the key in another way. */
  authFor: Partial<Record<WireFormat, Auth>>;
  headers: Record<string, string>;
  /** Runs on this machine, which costs nothing. */
  local: boolean;
  /** Is asked for models that are not listed, too: nobody but the user knows what it has. */
  anyModel: boolean;
  /** Fields of a chat completion that it refuses, where others ignore what they do not know. */
  drops: string[];
  models: Model[];
}

/** A model at a provider: where a request can go. */
export interface Target {
  provider: Provider;
  model: Model;
}

/** `PROVIDER/MODEL`, which names just this one. */
export function nameOf({ provider, model }: Target): string {
  return `${provider.id}/${model.id}`;
}

/** The formats in which a target can be asked, those that its provider prefers first. */
export function formatsOf({ provider, model }: Target): WireFormat[] {
  const spoken = Object.keys(provider.formats) as WireFormat[];
  return model.formats ? spoken.filter((format) => model.formats?.includes(format)) : spoken;
}

/** A model of which nothing is known but its name. */
export function unknownModel(id: string): Model {
  return { id, context: null, maxOutput: null, vision: null, tools: null, price: null };
}

/** The version of Anthropic's protocol that requests are written in, where the client names none. */
const anthropicVersion = "2023-06-01";

/** The URL of a format at a provider; null when it does not speak that. */
export function urlOf(provider: Provider, format: WireFormat): string | null {
  const path = provider.formats[format];
  return path === undefined ? null : `${provider.baseUrl}${path}`;
}

/** The headers that a provider wants in that format, with the key in its place; names in lower case. */
export function headersOf(
  provider: Provider,
  format: WireFormat,
  key: string | null,
): Record<string, string> {
  const auth = provider.authFor[format] ?? provider.auth;
  return {
    ...(format === "anthropic-messages" ? { "anthropic-version": anthropicVersion } : {}),
    ...provider.headers,
    ...(auth && key !== null
      ? { [auth.header.toLowerCase()]: auth.scheme === null ? key : `${auth.scheme} ${key}` }
      : {}),
  };
}

/**
 * A request as that provider takes it. What it does not know is left out; the limit of the reply goes
 * by its older name then.
 */
export function fitted<Body extends Record<string, unknown>>(
  { drops }: Pick<Provider, "drops">,
  format: WireFormat,
  body: Body,
): Body {
  if (format !== "openai-chat" || !drops.some((field) => field in body)) return body;
  const { max_completion_tokens: limit } = body;
  const limited = drops.includes("max_completion_tokens") && typeof limit === "number";
  const fit = { ...(limited ? { max_tokens: limit } : {}), ...body };
  for (const field of drops) delete fit[field];
  return fit;
}
