import type { WireFormat } from "../formats/format.ts";

/** A request that goes to a provider. */
export interface ModelRoute {
  kind: "model";
  format: WireFormat;
  /** What the provider's address ends in behind the format's path. */
  suffix: (model: string) => string;
  /** Only counts tokens. */
  counts: boolean;
  /** What the address says where the body does not; null: the body says it. */
  model: string | null;
  stream: boolean | null;
}

export type Route =
  | ModelRoute
  /** The models that the caller may use; `id`: only that one. */
  | { kind: "models"; format: WireFormat; id: string | null }
  | { kind: "health" | "metrics" };

const post: Record<string, WireFormat> = {
  "/v1/chat/completions": "openai-chat",
  "/v1/responses": "openai-responses",
  "/v1/embeddings": "openai-embeddings",
  "/v1/messages": "anthropic-messages",
};
const counting = "/v1/messages/count_tokens";
const gemini =
  /^\/v1beta\/models\/([^:]{1,500}):(generateContent|streamGenerateContent|countTokens)$/;
const none = () => "";

/** What a path asks for; null: there is no such thing. */
export function routeOf(path: string): (Route & { method: "GET" | "POST" }) | null {
  if (path === "/health" || path === "/metrics") {
    return { kind: path === "/health" ? "health" : "metrics", method: "GET" };
  }
  const { vendor, rest } = taken(path);
  const format = post[rest];
  if (format !== undefined) {
    return {
      kind: "model",
      format,
      suffix: none,
      counts: false,
      model: null,
      stream: null,
      method: "POST",
    };
  }
  if (rest === counting) {
    const suffix = () => "/count_tokens";
    return {
      kind: "model",
      format: "anthropic-messages",
      suffix,
      counts: true,
      model: null,
      stream: false,
      method: "POST",
    };
  }
  const [, model, action] = gemini.exec(rest) ?? [];
  if (model !== undefined && action !== undefined) {
    const suffix = (id: string) => `/${encodeURIComponent(id)}:${action}`;
    return {
      kind: "model",
      format: "gemini",
      suffix,
      counts: action === "countTokens",
      model: decoded(model),
      stream: action === "streamGenerateContent",
      method: "POST",
    };
  }
  const listed = /^\/v1\/models(?:\/(.{1,500}))?$/.exec(rest);
  if (!listed) return null;
  const asked = vendor === "anthropic" ? "anthropic-messages" : "openai-chat";
  const id = listed[1] === undefined ? null : decoded(listed[1]);
  return { kind: "models", format: asked, id, method: "GET" };
}

/** Whose errors a client understands, as far as its path and headers tell. */
export function dialectOf(path: string, headers: Headers): WireFormat {
  const route = routeOf(path);
  if (route && "format" in route && route.kind === "model") return route.format;
  const isAnthropic = taken(path).vendor === "anthropic" || headers.has("anthropic-version");
  return isAnthropic ? "anthropic-messages" : "openai-chat";
}

/** A path without the vendor's name that may stand before it. */
function taken(path: string): { vendor: string | null; rest: string } {
  const [, vendor, rest] = /^\/(openai|anthropic|google)(\/.*)$/.exec(path) ?? [];
  return vendor === undefined || rest === undefined
    ? { vendor: null, rest: path }
    : { vendor, rest };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
