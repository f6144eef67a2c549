import type { WireFormat } from "../../../src/contract/gateway.ts";
import type { Auth, Provider } from "./provider.ts";

const bearer: Auth = { header: "authorization", scheme: "Bearer" };
const apiKey: Auth = { header: "x-api-key", scheme: null };

/** A provider without its models. */
export interface Definition extends Omit<Provider, "models"> {
  /** Under which name models.dev lists its models; null: not at all. */
  listedAs: string | null;
  /** Models that can be asked in some of its formats only, which models.dev does not say. */
  narrow: readonly { models: RegExp; formats: readonly WireFormat[] }[];
}

/** What is called an embedding model makes nothing else. */
const embeddings = { models: /embed/i, formats: ["openai-embeddings"] } as const;
/** The models that only the type `ResponsesModel` has (openai 7.57, resources/shared.ts). */
const responses = {
  models:
    /^(o[13]-pro|gpt-5-pro|gpt-5\.5-pro|gpt-5-codex|gpt-5\.1-codex-max|o\d(-mini)?-deep-research|computer-use-preview)(-\d{4}-\d\d-\d\d)?$/,
  formats: ["openai-responses"],
} as const;

type Given = Pick<Definition, "id" | "name" | "baseUrl" | "formats"> & Partial<Definition>;

const define = (given: Given): Definition => ({
  auth: bearer,
  authFor: {},
  headers: {},
  local: false,
  anyModel: false,
  drops: [],
  listedAs: given.id,
  narrow: [embeddings],
  ...given,
});

const onThisMachine = { auth: null, local: true, anyModel: true, listedAs: null };

/**
 * Who makes models, then who serves those of others, then what runs on this machine: of two that ask
 * the same price the first is preferred. Base URLs, paths and headers are those of each provider's
 * own documentation, linked where it is not obvious.
 */
export const builtIn: readonly Definition[] = [
  define({
    id: "openai",
    name: "OpenAI",
    baseUrl: "https://api.openai.com/v1",
    formats: {
      "openai-responses": "/responses",
      "openai-chat": "/chat/completions",
      "openai-embeddings": "/embeddings",
    },
    narrow: [embeddings, responses],
  }),
  define({
    id: "anthropic",
    name: "Anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    formats: { "anthropic-messages": "/messages" },
    auth: apiKey,
  }),
  // https://ai.google.dev/gemini-api/docs/openai: the compatible paths take the key as OpenAI does.
  define({
    id: "google",
    name: "Google",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    formats: {
      gemini: "/models",
      "openai-chat": "/openai/chat/completions",
      "openai-embeddings": "/openai/embeddings",
    },
    auth: { header: "x-goog-api-key", scheme: null },
    authFor: { "openai-chat": bearer, "openai-embeddings": bearer },
  }),
  // Answers 422 to fields that it does not know; says the usage of each stream by itself.
  define({
    id: "mistral",
    name: "Mistral",
    baseUrl: "https://api.mistral.ai/v1",
    formats: { "openai-chat": "/chat/completions", "openai-embeddings": "/embeddings" },
    drops: ["stream_options", "max_completion_tokens", "store", "service_tier", "user"],
  }),
  define({
    id: "xai",
    name: "xAI",
    baseUrl: "https://api.x.ai/v1",
    formats: { "openai-responses": "/responses", "openai-chat": "/chat/completions" },
  }),
  // https://api-docs.deepseek.com/guides/anthropic_api
  define({
    id: "deepseek",
    name: "DeepSeek",
    baseUrl: "https://api.deepseek.com",
    formats: {
      "openai-chat": "/chat/completions",
      "anthropic-messages": "/anthropic/v1/messages",
    },
    authFor: { "anthropic-messages": apiKey },
  }),
  // https://platform.minimax.io/docs/api-reference/text-chat-anthropic
  define({
    id: "minimax",
    name: "MiniMax",
    baseUrl: "https://api.minimax.io",
    formats: {
      "anthropic-messages": "/anthropic/v1/messages",
      "openai-chat": "/v1/chat/completions",
    },
  }),
  // https://platform.kimi.ai/docs/api/overview
  define({
    id: "moonshot",
    name: "Moonshot AI (Kimi)",
    baseUrl: "https://api.moonshot.ai",
    formats: {
      "openai-chat": "/v1/chat/completions",
      "openai-responses": "/v1/responses",
      "anthropic-messages": "/anthropic/v1/messages",
    },
    listedAs: "moonshotai",
  }),
  // https://docs.z.ai/scenario-example/develop-tools/claude
  define({
    id: "zai",
    name: "Z.AI",
    baseUrl: "https://api.z.ai/api",
    formats: {
      "openai-chat": "/paas/v4/chat/completions",
      "anthropic-messages": "/anthropic/v1/messages",
    },
  }),
  // https://docs.cohere.com/docs/compatibility-api; it refuses stream_options.
  define({
    id: "cohere",
    name: "Cohere",
    baseUrl: "https://api.cohere.ai/compatibility/v1",
    formats: { "openai-chat": "/chat/completions", "openai-embeddings": "/embeddings" },
    drops: ["stream_options"],
  }),
  // Sonar's chat completions ended on 2026-09-27:
  // https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/how-to
  define({
    id: "perplexity",
    name: "Perplexity",
    baseUrl: "https://api.perplexity.ai/v1",
    formats: { "openai-responses": "/responses" },
    listedAs: "perplexity-agent",
  }),
  define({
    id: "groq",
    name: "Groq",
    baseUrl: "https://api.groq.com/openai/v1",
    formats: { "openai-chat": "/chat/completions", "openai-responses": "/responses" },
  }),
  define({
    id: "together",
    name: "Together AI",
    baseUrl: "https://api.together.ai/v1",
    formats: { "openai-chat": "/chat/completions", "openai-embeddings": "/embeddings" },
    listedAs: "togetherai",
  }),
  // https://docs.fireworks.ai/tools-sdks/anthropic-compatibility
  define({
    id: "fireworks",
    name: "Fireworks AI",
    baseUrl: "https://api.fireworks.ai/inference/v1",
    formats: {
      "openai-chat": "/chat/completions",
      "openai-responses": "/responses",
      "anthropic-messages": "/messages",
      "openai-embeddings": "/embeddings",
    },
    listedAs: "fireworks-ai",
  }),
  define({
    id: "deepinfra",
    name: "Deep Infra",
    baseUrl: "https://api.deepinfra.com/v1/openai",
    formats: { "openai-chat": "/chat/completions", "openai-embeddings": "/embeddings" },
  }),
  define({
    id: "hyperbolic",
    name: "Hyperbolic",
    baseUrl: "https://api.hyperbolic.xyz/v1",
    formats: { "openai-chat": "/chat/completions" },
    anyModel: true,
    listedAs: null,
  }),
  // Its own API makes predictions; this is its translation of OpenAI's for language models.
  define({
    id: "replicate",
    name: "Replicate",
    baseUrl: "https://openai-proxy.replicate.com/v1",
    formats: { "openai-chat": "/chat/completions" },
    anyModel: true,
    listedAs: null,
  }),
  // https://dev.synthetic.new/docs
  define({
    id: "synthetic",
    name: "Synthetic",
    baseUrl: "https://api.synthetic.new",
    formats: {
      "openai-chat": "/openai/v1/chat/completions",
      "anthropic-messages": "/anthropic/v1/messages",
    },
  }),
  define({
    id: "openrouter",
    name: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    // They choose other models than the one that was asked for, allowed and priced.
    drops: ["models", "route"],
    formats: {
      "openai-chat": "/chat/completions",
      "openai-responses": "/responses",
      "anthropic-messages": "/messages",
      "openai-embeddings": "/embeddings",
    },
  }),
  // https://docs.nano-gpt.com/authentication
  define({
    id: "nanogpt",
    name: "NanoGPT",
    baseUrl: "https://nano-gpt.com/api/v1",
    formats: {
      "openai-chat": "/chat/completions",
      "openai-responses": "/responses",
      "anthropic-messages": "/messages",
      "openai-embeddings": "/embeddings",
    },
    listedAs: "nano-gpt",
  }),
  // https://docs.ollama.com/api/openai-compatibility, …/anthropic-compatibility
  define({
    id: "ollama",
    name: "Ollama",
    baseUrl: "http://127.0.0.1:11434/v1",
    formats: {
      "openai-chat": "/chat/completions",
      "openai-responses": "/responses",
      "anthropic-messages": "/messages",
      "openai-embeddings": "/embeddings",
    },
    ...onThisMachine,
  }),
  // https://lmstudio.ai/docs/developer/openai-compat, …/anthropic-compat
  define({
    id: "lmstudio",
    name: "LM Studio",
    baseUrl: "http://127.0.0.1:1234/v1",
    formats: {
      "openai-chat": "/chat/completions",
      "openai-responses": "/responses",
      "anthropic-messages": "/messages",
      "openai-embeddings": "/embeddings",
    },
    ...onThisMachine,
  }),
  // tools/server/README.md of ggml-org/llama.cpp
  define({
    id: "llamacpp",
    name: "llama.cpp",
    baseUrl: "http://127.0.0.1:8080/v1",
    formats: {
      "openai-chat": "/chat/completions",
      "anthropic-messages": "/messages",
      "openai-embeddings": "/embeddings",
    },
    ...onThisMachine,
  }),
];
