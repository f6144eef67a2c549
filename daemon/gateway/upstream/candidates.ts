import type { ProviderKey } from "../../vault/keys.ts";
import type { WireFormat } from "../formats/format.ts";
import { translation } from "../formats/index.ts";
import { formatsOf, type Model, type Provider, type Target } from "../providers/provider.ts";

/** Who can be asked, with which key and in which format. */
export interface Candidate {
  /** By `idOf`. */
  id: string;
  target: Target;
  provider: Provider;
  model: Model;
  /** Null: the provider asks for none. */
  key: ProviderKey | null;
  wire: WireFormat;
}

/** Every target with every key that is there for it, in the order in which to ask. */
export function candidatesOf(
  targets: readonly Target[],
  client: WireFormat,
  keysOf: (provider: string) => readonly ProviderKey[],
): Candidate[] {
  return targets.flatMap((target) => {
    const { provider, model } = target;
    const wire = wireOf(target, client);
    if (wire === null) return [];
    const candidate = { target, provider, model, wire };
    const keys = provider.auth === null ? [null] : keysOf(provider.id);
    return keys.map((key) => ({ ...candidate, id: idOf(provider.id, key), key }));
  });
}

/** What breakers and rests know a provider by, with one of its keys: not with what it was before. */
export function idOf(provider: string, key: Pick<ProviderKey, "id" | "createdAt"> | null): string {
  return key ? `${provider}/${key.id}/${key.createdAt.getTime()}` : provider;
}

/** Whether a client's request can be put to a provider of that format. */
export function speaks(client: WireFormat, wire: WireFormat): boolean {
  return client === wire || translation(client, wire) !== null;
}

/** The client's own format if it can be asked in that, else one that it can be translated to. */
function wireOf(target: Target, client: WireFormat): WireFormat | null {
  const formats = formatsOf(target);
  if (formats.includes(client)) return client;
  return formats.find((wire) => speaks(client, wire)) ?? null;
}
